import { counted } from '../../domain/counted.ts';
import { formatDuration } from '../../domain/duration.ts';
import type { FoundImprovement } from '../../domain/improvement.ts';
import { safeText } from '../../domain/safe-text.ts';
import { type Finder, middle, rateOf, rateWords } from './finder.ts';
import type { DeploymentProcess, SuiteProcess } from './process-facts.ts';

/** On so many candidates it has to have been seen: once is an accident. */
const fewestFlaky = 2;
/** Tests that are named. */
const mostNamed = 3;

/** Suites that passed and failed on the very same candidate, and what people did about it by hand. */
export const flakySuites: Finder = ({ settings, deployments }) =>
  settings.suites.flatMap((suite, at): FoundImprovement[] => {
    const seen = deployments.flatMap((deployment) => {
      const state = deployment.suites.find(({ name, run }) => name === suite.name && run === suite.run);
      return state && deployment.tree !== undefined ? [{ deployment, state }] : [];
    });
    const byTree = new Map<string | undefined, Seen[]>();
    for (const one of seen)
      byTree.set(one.deployment.tree, [...(byTree.get(one.deployment.tree) ?? []), one]);
    const candidates = [...byTree.values()];
    const uneven = candidates.filter(isUneven);
    if (uneven.length < fewestFlaky || suite.retries > 0) return [];
    const rate = rateOf(uneven.length, candidates.length, 'candidates on which it passed and failed');
    const again = seen.flatMap(({ state }) => state.againBy ?? []);
    const savesMs = waitedFor(seen);
    return [
      {
        id: `flaky-${suite.name}`,
        kind: 'flaky',
        environment: null,
        title: `The suite ${suite.name} passes and fails on the same candidate`,
        evidence: [
          `It did so on ${rateWords(rate)} of the candidates.`,
          ...testWords(uneven),
          ...(again.length > 0
            ? [`${counted(again.length, 'time')} somebody had it run again by hand: ${namesOf(again)}.`]
            : []),
          ...(savesMs === undefined
            ? []
            : [`Waiting for that took ${formatDuration(savesMs)} a deployment, over all of them.`]),
        ],
        n: candidates.length,
        rate,
        ...(savesMs !== undefined && { savesMs }),
        suggestion:
          'Let it run once more by itself where it did not pass, and mend the tests: what passed only so stays told as flaky.',
        edits: [{ path: ['suites', at, 'retries'], value: 1 }],
        weakens: [
          `The gate tests: a change that breaks ${suite.name} only sometimes can pass, since the second run counts. It is told as flaky, and every run stays in the record.`,
        ],
      },
    ];
  });

type Seen = { deployment: DeploymentProcess; state: SuiteProcess };

function isUneven(runs: readonly Seen[]): boolean {
  const passed = runs.reduce((sum, { state }) => sum + state.passedMs.length, 0);
  const all = runs.reduce((sum, { state }) => sum + state.runs, 0);
  return passed > 0 && passed < all;
}

/** The tests that failed on most of these candidates. */
function testWords(uneven: readonly (readonly Seen[])[]): string[] {
  const on = new Map<string, number>();
  for (const runs of uneven)
    for (const name of new Set(runs.flatMap(({ state }) => state.failing)))
      on.set(name, (on.get(name) ?? 0) + 1);
  const most = [...on].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, mostNamed);
  return most.map(([name, n]) => `“${safeText(name, 120)}” failed on ${n} of these ${uneven.length}.`);
}

function namesOf(people: readonly string[]): string {
  const times = new Map<string, number>();
  for (const name of people) times.set(name, (times.get(name) ?? 0) + 1);
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostNamed)
    .map(([name, n]) => `${safeText(name, 60)} ${n}`)
    .join(', ');
}

/** How much longer testing took where somebody had it run again, its runs apart; undefined below three of either sort. */
function waitedFor(seen: readonly Seen[]): number | undefined {
  const waited = (again: boolean) =>
    seen.flatMap(({ deployment: { testingMs, suites }, state }) =>
      testingMs === undefined || (state.againBy !== undefined) !== again
        ? []
        : [Math.max(0, testingMs - Math.max(...suites.map(({ allMs }) => allMs)))],
    );
  const [with_, without] = [waited(true), waited(false)];
  if (with_.length < 3 || without.length < 3) return undefined;
  const more = (middle(with_) ?? 0) - (middle(without) ?? 0);
  return more > 0 ? (more * with_.length) / (with_.length + without.length) : undefined;
}
