/**
 * Where a suite's whole output stands below its deployment's folder; `run` counts from 2 where it was run again, so that
 * what an earlier run said stays. A suite's name has no dot.
 */
export function outputOf(suite: string, run?: number): string {
  return `suites/${suite}${run === undefined ? '' : `.${run}`}.log`;
}
