import type { SuitePlan } from '../domain/plan.ts';
import {
  type EnvironmentSettings,
  type Settings,
  type SuiteSettings,
  suiteSettingsSchema,
} from '../domain/settings.ts';
import { qualitySuite } from '../domain/testing-verdict.ts';

/** The suites, and the environment's own quality command as one more: it takes the place of a suite of that name. */
export function planSuites(
  { suites }: Pick<Settings, 'suites'>,
  { gates: { quality } }: Pick<EnvironmentSettings, 'gates'>,
): SuitePlan[] {
  const own = quality.severity === 'off' ? undefined : quality.run;
  const kept = own === undefined ? suites : suites.filter(({ name }) => name !== qualitySuite);
  const added = own === undefined ? [] : [suiteSettingsSchema.parse({ name: qualitySuite, run: own })];
  return suitesAsRun([...kept, ...added]);
}

/**
 * The suites as they are run. Suites linked by `needs`, whatever way round, share a work tree; where all are linked, or there is
 * one alone, that is the one without a name.
 */
function suitesAsRun(suites: readonly SuiteSettings[]): SuitePlan[] {
  const trees = treesOf(suites);
  const several = new Set(trees.values()).size > 1;
  return suites.map((suite) => {
    const { name, kind, run, timeout, needs, retries, coverage, measurements, findings, report } = suite;
    const tree = trees.get(name);
    return {
      name,
      kind,
      run,
      timeoutMs: timeout,
      ...(needs.length > 0 && { needs }),
      ...(several && tree !== undefined && { tree }),
      ...(retries > 0 && { retries }),
      ...(coverage !== undefined && { coverage }),
      ...(measurements !== undefined && { measurements }),
      ...(findings !== undefined && { findings }),
      ...(report !== undefined && { report: typeof report === 'string' ? { path: report } : report }),
    };
  });
}

/** The work tree of each suite, named after the first of those that are linked. */
function treesOf(suites: readonly SuiteSettings[]): Map<string, string> {
  const trees = new Map(suites.map(({ name }) => [name, name]));
  for (const { name, needs } of suites)
    for (const other of needs) {
      const [a, b] = [trees.get(name), trees.get(other)];
      if (a === undefined || b === undefined || a === b) continue;
      const first = suites.find((suite) => suite.name === a || suite.name === b)?.name ?? a;
      for (const [suite, tree] of trees) if (tree === a || tree === b) trees.set(suite, first);
    }
  return trees;
}
