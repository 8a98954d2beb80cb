import { openApart } from './apart.ts';
import { runClosureExperiment, type ClosureResult } from './closure-experiment.ts';
import { figure, type Figure } from './figure.ts';
import { nameOf, type BenchOptions } from './options.ts';

/** Units measured of each history, as in the study the goals come from. */
const defaultUnits = 60;

/** Whether what is chosen builds a clean candidate, and how little else it takes along, on real histories. */
export async function bench(options: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  const repositories = options.repositories.length > 0 ? options.repositories : ['.'];
  const results: ClosureResult[] = [];
  for (const repository of repositories) {
    const { git, remove } = await openApart(repository);
    try {
      const units = options.units ?? defaultUnits;
      const result = await runClosureExperiment(git, { revision: options.revision ?? 'HEAD', units });
      results.push(result);
      figures.push(...describe(nameOf(repository), result));
    } finally {
      await remove();
    }
  }
  if (results.length > 1) figures.push(...summarise(results));
  return figures;
}

function describe(name: string, result: ClosureResult): Figure[] {
  const { singles, subsets, because } = result;
  const of = `${name} at ${result.head.slice(0, 12)}: ${result.units} units, ${result.features} features`;
  const share = (one: { picked: number; clean: number }) =>
    one.picked === 0 ? 100 : (100 * one.clean) / one.picked;
  const perPick = (units: number) => (units / Math.max(1, singles.picked)).toFixed(2);
  const kinds = [...because]
    .toSorted((a, b) => b[1] - a[1])
    .map(([kind, units]) => `${kind} ${perPick(units)}`)
    .join(', ');
  for (const trouble of result.troubles) process.stderr.write(`${name}: ${trouble}\n`);
  return [
    figure(
      'closure',
      `${name}: single picks that build a clean candidate, %`,
      share(singles),
      `${of}; ${singles.picked} picks`,
      { atLeast: 100 },
    ),
    figure(
      'closure',
      `${name}: random subsets that build a clean candidate, %`,
      share(subsets),
      `${of}; ${subsets.picked} subsets of 30 %`,
      { atLeast: 100 },
    ),
    figure(
      'closure',
      `${name}: extra units a single pick`,
      result.extra,
      `same-file rule ${result.sameFileExtra.toFixed(2)}; by reason: ${kinds || 'none'}`,
      { atMost: 3.5 },
    ),
    figure(
      'closure',
      `${name}: complement failures not named`,
      result.complementSilent,
      `${result.complementNamed} named, of ${singles.picked + subsets.picked} proofs; ${result.checked} checked by a replay unit by unit`,
      { atMost: 0 },
    ),
    figure(
      'closure',
      `${name}: proved trees that a plain replay does not give`,
      result.wrongTrees,
      'the same units, one by one',
      { atMost: 0 },
    ),
    figure(
      'closure',
      `${name}: proofs that had to add to the prepared graph, %`,
      100 * result.grown,
      of,
      'none',
    ),
    figure(
      'closure',
      `${name}: time a proof, ms`,
      result.msPerPick,
      `discovery ${Math.round(result.msDiscovery)} ms`,
      'none',
    ),
  ];
}

function summarise(results: readonly ClosureResult[]): Figure[] {
  const mean = (of: (one: ClosureResult) => number) =>
    results.reduce((sum, one) => sum + of(one), 0) / results.length;
  return [
    figure(
      'closure',
      'extra units a single pick, mean of the histories',
      mean((one) => one.extra),
      `same-file rule ${mean((one) => one.sameFileExtra).toFixed(2)}; ${results.length} histories`,
      { atMost: 3.5 },
    ),
  ];
}
