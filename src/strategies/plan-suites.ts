import type { SuitePlan } from '../domain/plan.ts';
import type { SuiteSettings } from '../domain/settings.ts';

/**
 * The suites as they are run. Suites linked by `needs`, whatever way round, share a work tree; where all are linked, or there is
 * one alone, that is the one without a name.
 */
export function planSuites(suites: readonly SuiteSettings[]): SuitePlan[] {
  const trees = treesOf(suites);
  const several = new Set(trees.values()).size > 1;
  return suites.map((suite) => {
    const { name, kind, run, timeout, needs, retries, coverage, measurements, findings } = suite;
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
