import { counted } from '../../domain/counted.ts';
import { formatDuration, writtenDuration } from '../../domain/duration.ts';
import type { FoundImprovement } from '../../domain/improvement.ts';
import { medianWords } from '../../domain/analysis-words.ts';
import { safeText } from '../../domain/safe-text.ts';
import { medianOf } from '../analysis/intervals.ts';
import { type Finder, middle, rateOf, rateWords, roundedUp } from './finder.ts';
import { testingTime } from './makespan.ts';
import type { SuiteProcess } from './process-facts.ts';

/** Runs of a suite that its usual time is said from: the fewest with a 90 % interval of the median. */
const fewestRuns = 5;
/** Runs before its time-out is judged: a run of one in thirty is still likely not among them, so the margin is wide. */
const fewestForTimeout = 10;
/** A fitting time-out is so many times the longest run that passed. */
const margin = 3;
const shortestTimeoutMs = 30_000;

/** Suites that take most of the testing time, that run after one another without need, or whose time-out fits them badly. */
export const slowSuites: Finder = (past) => {
  const { settings, deployments } = past;
  const known = settings.suites.map((suite, at) => {
    const runs = deployments.flatMap(({ suites }) =>
      suites.filter(({ name, run }) => name === suite.name && run === suite.run),
    );
    return { suite, at, runs, passedMs: runs.flatMap(({ passedMs }) => passedMs) };
  });
  const usual = new Map(
    known.flatMap(({ suite, passedMs }) => {
      const ms = passedMs.length >= fewestRuns ? middle(passedMs) : undefined;
      return ms === undefined ? [] : [[suite.name, ms] as const];
    }),
  );
  const found: FoundImprovement[] = [];
  const complete = usual.size === settings.suites.length && settings.suites.length > 1;
  if (complete) found.push(...sideBySide(past, usual));
  const all = [...usual.values()].reduce((sum, ms) => sum + ms, 0);
  const slowest = known.toSorted(
    (a, b) => (usual.get(b.suite.name) ?? 0) - (usual.get(a.suite.name) ?? 0),
  )[0];
  for (const { suite, at, runs, passedMs } of known) {
    const share = (usual.get(suite.name) ?? 0) / all;
    found.push(...fittingTimeout(suite, at, runs, passedMs));
    // Half of the time and more than the others' fair share: there is where a faster test is felt.
    if (slowest?.suite === suite && complete && share >= 0.5 && (usual.get(suite.name) ?? 0) >= minuteMs)
      found.push({
        id: `suite-slowest-${suite.name}`,
        kind: 'suite',
        environment: null,
        title: `The suite ${suite.name} takes ${Math.round(share * 100)} % of the time of all suites`,
        evidence: [`It took ${medianWords(medianOf(passedMs))}; all suites together ${formatDuration(all)}.`],
        n: passedMs.length,
        suggestion: `Split ${suite.name} into suites that do not need each other: they then run side by side. No setting does that by itself.`,
        edits: [],
        weakens: [],
      });
  }
  return found;
};

const minuteMs = 60_000;

/** More suites at once, where the settings allow fewer than would help. */
function sideBySide(
  { settings, suitesAtOnce, deployments }: Parameters<Finder>[0],
  usual: ReadonlyMap<string, number>,
): FoundImprovement[] {
  const { parallel } = settings.testing;
  if (parallel === undefined) return [];
  const now = testingTime(settings.suites, usual, parallel);
  let best = { parallel, ms: now };
  for (let more = parallel + 1; more <= suitesAtOnce; more += 1) {
    const ms = testingTime(settings.suites, usual, more);
    if (ms < best.ms) best = { parallel: more, ms };
  }
  const savesMs = now - best.ms;
  // Less than a tenth is lost in what suites take from each other when they share processors.
  if (savesMs < Math.max(5000, now / 10)) return [];
  const n = deployments.filter(({ suites }) => suites.length > 0).length;
  return [
    {
      id: 'suites-parallel',
      kind: 'suite',
      environment: null,
      title: `The suites wait for each other: ${parallel} at once, of ${settings.suites.length}`,
      evidence: [
        `By what each usually took (n=${n} deployments), they are done after ${formatDuration(now)} as they are run now, after ${formatDuration(best.ms)} with ${best.parallel} at once.`,
        `This machine runs ${suitesAtOnce} at once where nothing is set; suites that share its processors may take longer each.`,
      ],
      n,
      savesMs,
      suggestion: `Run ${best.parallel} suites at once.`,
      edits: [{ path: ['testing', 'parallel'], value: best.parallel }],
      weakens: [],
    },
  ];
}

/** A time-out far above what the suite ever took, or so near to it that slow runs end as failures. */
function fittingTimeout(
  suite: { name: string; timeout: number },
  at: number,
  runs: readonly SuiteProcess[],
  passedMs: readonly number[],
): FoundImprovement[] {
  const longest = Math.max(0, ...passedMs);
  if (passedMs.length < fewestForTimeout) return [];
  const all = runs.reduce((sum, r) => sum + r.runs, 0);
  const timedOut = runs.reduce((sum, r) => sum + r.timedOut, 0);
  const edit = (ms: number) => [{ path: ['suites', at, 'timeout'], value: writtenDuration(ms) }];
  const common = {
    kind: 'suite' as const,
    environment: null,
    n: all,
    rate: rateOf(timedOut, all, 'runs that timed out'),
  };
  const longestWords = `The longest of ${passedMs.length} runs that passed took ${formatDuration(longest)}; its time-out is ${formatDuration(suite.timeout)}.`;
  const name = safeText(suite.name, 60);
  if (longest > 0.7 * suite.timeout) {
    const wider = roundedUp(2 * longest);
    return [
      {
        ...common,
        id: `suite-timeout-${suite.name}`,
        title: `The suite ${name} comes near its time-out`,
        evidence: [longestWords, `${rateWords(common.rate)} of its runs timed out.`],
        suggestion: `Give it ${formatDuration(wider)}, twice what it took at most.`,
        edits: edit(wider),
        weakens: [
          `A run that hangs is ended after ${formatDuration(wider)} instead of ${formatDuration(suite.timeout)}.`,
        ],
      },
    ];
  }
  const fitting = Math.max(shortestTimeoutMs, roundedUp(margin * longest));
  if (suite.timeout < margin * fitting) return [];
  const spared = suite.timeout - fitting;
  return [
    {
      ...common,
      id: `suite-timeout-${suite.name}`,
      title: `The time-out of the suite ${name} is ${Math.floor(suite.timeout / Math.max(1, longest))} times what it ever took`,
      evidence: [
        longestWords,
        `${rateWords(common.rate)} of its runs timed out; with ${formatDuration(fitting)} none of those that passed would have been ended.`,
        `A run that hangs is told ${formatDuration(spared)} sooner${timedOut > 0 ? `; over ${counted(all, 'run')} that is ${formatDuration((spared * timedOut) / all)} each` : ''}.`,
      ],
      ...(timedOut > 0 && { savesMs: (spared * timedOut) / all }),
      suggestion: `Give it ${formatDuration(fitting)}, at least ${margin} times what it took at most.`,
      edits: edit(fitting),
      weakens: [],
    },
  ];
}
