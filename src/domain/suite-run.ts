import { counted } from './counted.ts';
import type { SuiteState } from './suite-result.ts';

/** How often a suite was run. */
export function runsOf({ earlier = [] }: Pick<SuiteState, 'earlier'>): number {
  return earlier.length + 1;
}

/** Runs that passed, of all. */
export function passedRuns(suite: Pick<SuiteState, 'earlier' | 'status'>): number {
  return [...(suite.earlier ?? []), suite].filter(({ status }) => status === 'passed').length;
}

/** Whether it both passed and did not on the very same candidate: then neither says anything for sure. */
export function isFlaky(suite: Pick<SuiteState, 'earlier' | 'status'>): boolean {
  const passed = passedRuns(suite);
  return passed > 0 && passed < runsOf(suite);
}

/** How often it passed, for a table; undefined where it ran once. */
export function runCounts(suite: SuiteState): string | undefined {
  if (runsOf(suite) === 1) return undefined;
  return `${passedRuns(suite)} of ${runsOf(suite)} runs passed${isFlaky(suite) ? ': flaky' : ''}`;
}

/** What is to be said of a suite that was run more than once on the same candidate; undefined where it was not. */
export function runWords(suite: SuiteState): string | undefined {
  const runs = runsOf(suite);
  if (runs === 1) return undefined;
  const who = suite.again ? `, run again by ${suite.again.name}` : '';
  const passed = passedRuns(suite);
  return isFlaky(suite)
    ? `${suite.suite} passed ${passed} of ${runs} runs on the same candidate: flaky${who}`
    : `${suite.suite} ${passed > 0 ? 'passed' : 'failed'} ${counted(runs, 'time')} on the same candidate${who}`;
}
