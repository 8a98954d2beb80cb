import { counted } from './counted.ts';
import type { Deployment } from './deployment.ts';
import type { SuiteState } from './suite-result.ts';
import { isFlaky, passedRuns, runsOf } from './suite-run.ts';

/** Suites whose last run did not pass. */
export function failingSuites({ suites }: Pick<Deployment, 'suites'>): SuiteState[] {
  return suites.filter(({ status }) => status !== 'passed');
}

/** Why the tests do not pass, in words. */
export function failingWords(d: Pick<Deployment, 'suites'>): string {
  const names = failingSuites(d).map(({ suite, status }) =>
    status === 'timed_out' ? `${suite} timed out` : `${suite} failed`,
  );
  return `tests do not pass: ${names.join(', ')}`;
}

/** What passed; a suite that passed only when it was run again is told as such. */
export function passingWords({ suites }: Pick<Deployment, 'suites'>): string {
  const flaky = suites.filter(isFlaky);
  const told = flaky.map(
    (s) => `${s.suite} only in ${passedRuns(s)} of ${runsOf(s)} runs on the same candidate`,
  );
  return (
    [`${counted(suites.length, 'suite')} passed`, ...told].join('; ') + (flaky.length > 0 ? ': flaky' : '')
  );
}

/**
 * Whether a person is asked before failed tests end the deployment: only where they asked for the tests alone and can
 * answer. Then a suite may be run again; nothing goes on while its last run has not passed.
 */
export function waitsForRerun({ through, unattended }: Pick<Deployment, 'through' | 'unattended'>): boolean {
  return through === 'testing' && !unattended;
}

/** Why a suite cannot be run again now; undefined where it can. */
export function whyNotRerun(d: Deployment, suite: string): string | undefined {
  const { status, stages, suites } = d;
  if (status.kind === 'finished') return 'it is finished';
  if (stages.testing.status === 'active') return 'the suites are still running';
  if (status.kind !== 'waiting' || status.after !== 'testing')
    return stages.testing.status === 'pending' ? 'nothing was tested yet' : 'it is past its tests';
  return suites.some((s) => s.suite === suite) ? undefined : `no suite ${suite} ran`;
}
