import { z } from 'zod';
import type { Deployment } from './deployment.ts';
import type { SuitePlan } from './plan.ts';
import { passedRuns, runsOf } from './suite-run.ts';
import type { SuiteState } from './suite-result.ts';

/** What past deployments say of one suite, with the number it is said from. */
export interface SuitePast {
  /** Milliseconds of its runs that passed, newest first. */
  durations: number[];
  /** Candidates it ran on. */
  candidates: number;
  /** Those of them on which it both passed and did not. */
  flaky: number;
  /** Tests that failed on one of these, by name, with on how many. */
  flakyCases: Record<string, number>;
}

/** By the suite's name. */
export type SuitePasts = Record<string, SuitePast>;

/** What a run ran on: the tree, or where lockfiles were made again after it was proved, the very commit. */
function treeOf({ candidate }: Deployment): string | undefined {
  if (candidate.kind === 'none') return undefined;
  return candidate.regenerated?.length ? candidate.version.sha : candidate.tree;
}

interface Runs {
  passed: number;
  all: number;
  failing: Set<string>;
}

/** Adds one deployment's runs of a suite to those on the same candidate. */
function addRuns(byTree: Map<string, Runs>, tree: string, state: SuiteState): void {
  const known = byTree.get(tree) ?? { passed: 0, all: 0, failing: new Set<string>() };
  for (const run of [...(state.earlier ?? []), state])
    for (const { name } of run.cases ?? []) known.failing.add(name);
  known.passed += passedRuns(state);
  known.all += runsOf(state);
  byTree.set(tree, known);
}

/**
 * How the suites of a plan fared in these deployments, newest first. Only runs of the same command count: another one
 * under the same name is another suite. Pure.
 */
export function suitePasts(past: readonly Deployment[], suites: readonly SuitePlan[]): SuitePasts {
  const entries = suites.map(({ name, run }): [string, SuitePast] => {
    const byTree = new Map<string, Runs>();
    const durations: number[] = [];
    for (const d of past) {
      const tree = treeOf(d);
      const state = d.suites.find(({ suite }) => suite === name);
      const same = d.plan.suites.some((s) => s.name === name && s.run === run);
      if (tree === undefined || !state || !same) continue;
      addRuns(byTree, tree, state);
      for (const r of [state, ...(state.earlier ?? []).toReversed()])
        if (r.status === 'passed') durations.push(r.durationMs);
    }
    const uneven = [...byTree.values()].filter(({ passed, all }) => passed > 0 && passed < all);
    const flakyCases: Record<string, number> = Object.create(null);
    for (const { failing } of uneven)
      for (const name of failing) flakyCases[name] = (flakyCases[name] ?? 0) + 1;
    return [name, { durations, candidates: byTree.size, flaky: uneven.length, flakyCases }];
  });
  return Object.fromEntries(entries);
}

/** The middle of how long a suite took before, milliseconds; undefined where nothing is known. */
export function usualMs({ durations }: Pick<SuitePast, 'durations'>): number | undefined {
  const sorted = durations.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** By the suite's name: on how many candidates it was seen, and its tests that both passed and failed on some, with on how many. */
export const flakyPastSchema = z.record(
  z.string(),
  z.object({ candidates: z.number().int(), cases: z.record(z.string(), z.number().int()) }),
);
export type FlakyPast = z.infer<typeof flakyPastSchema>;

/** More tests of a suite that fail now and then nobody reads. */
const mostFlaky = 200;

/** Of what is known of suites, what a report says of single tests; undefined where there is nothing to say. */
export function flakyPastOf(pasts: SuitePasts): FlakyPast | undefined {
  const known = Object.entries(pasts).flatMap(([suite, { candidates, flakyCases }]) => {
    const cases = Object.entries(flakyCases).slice(0, mostFlaky);
    return cases.length === 0 ? [] : [[suite, { candidates, cases: Object.fromEntries(cases) }] as const];
  });
  return known.length === 0 ? undefined : Object.fromEntries(known);
}
