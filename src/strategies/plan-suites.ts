import type { Plan, SuitePlan } from '../domain/plan.ts';
import type { EnvironmentSettings, Settings, SuiteSettings } from '../domain/settings.ts';
import { qualitySuite } from '../domain/testing-verdict.ts';

/** How long the quality command may take, in milliseconds: as long as a suite that says nothing. */
const qualityMs = 600_000;

/**
 * The suites, and the environment's own quality command as one more: it takes the place of a suite of that name. Suites linked by `needs`,
 * whatever way round, share a work tree; where there is only one such tree, it is the one without a name.
 */
export function planSuites(
  { suites }: Pick<Settings, 'suites'>,
  { gates: { quality } }: Pick<EnvironmentSettings, 'gates'>,
): Plan['suites'] {
  const own = quality.severity === 'off' ? undefined : quality.run;
  const replaced = suites.find(({ name }) => own !== undefined && name === qualitySuite);
  const all = suites.filter((suite) => suite !== replaced).map(planned);
  if (own !== undefined)
    all.push({
      name: qualitySuite,
      kind: 'unit',
      run: own,
      timeoutMs: qualityMs,
      ...(replaced && replaced.needs.length > 0 && { needs: replaced.needs }),
    });
  const trees = treesOf(all);
  if (new Set(trees.values()).size < 2) return all;
  return all.map((suite) => ({ ...suite, tree: trees.get(suite.name) ?? suite.name }));
}

function planned(suite: SuiteSettings): SuitePlan {
  const { name, kind, run, timeout, report, needs, retries, coverage, measurements, findings } = suite;
  return {
    name,
    kind,
    run,
    timeoutMs: timeout,
    ...(report !== undefined && { report: typeof report === 'string' ? { path: report } : report }),
    ...(needs.length > 0 && { needs }),
    ...(retries > 0 && { retries }),
    ...(coverage !== undefined && { coverage }),
    ...(measurements !== undefined && { measurements }),
    ...(findings !== undefined && { findings }),
  };
}

/** The work tree of each suite, named after the first of those that are linked. */
function treesOf(suites: readonly SuitePlan[]): Map<string, string> {
  const trees = new Map(suites.map(({ name }) => [name, name]));
  for (const { name, needs = [] } of suites)
    for (const other of needs) {
      const [a, b] = [trees.get(name), trees.get(other)];
      if (a === undefined || b === undefined || a === b) continue;
      const first = suites.find((suite) => suite.name === a || suite.name === b)?.name ?? a;
      for (const [suite, tree] of trees) if (tree === a || tree === b) trees.set(suite, first);
    }
  return trees;
}
