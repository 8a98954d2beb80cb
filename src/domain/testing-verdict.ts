import { counted } from './counted.ts';
import type { Deployment } from './deployment.ts';
import type { Plan } from './plan.ts';
import type { SuiteState } from './suite-result.ts';
import { isFlaky, passedRuns, runsOf } from './suite-run.ts';

/** Suites whose last run did not pass. */
export function failingSuites({ suites }: Pick<Deployment, 'suites'>): SuiteState[] {
  return suites.filter(({ status }) => status !== 'passed');
}

/** The gate that a suite answers to. */
export function gateOfSuite(suite: string): 'quality' | 'tests' {
  return suite === qualitySuite ? 'quality' : 'tests';
}

/** The suite of that name is not a test: its failure is the gate quality's. */
export const qualitySuite = 'quality';

/** Suites whose failure keeps the deployment from going on: not those that a person, or the settings, let pass. */
export function holdingSuites({ suites, plan }: Pick<Deployment, 'suites' | 'plan'>): SuiteState[] {
  return failingSuites({ suites }).filter(({ suite }) => stops(plan, gateOfSuite(suite)));
}

/** Whether failed tests keep the deployment from going on. */
export function testsHold(d: Pick<Deployment, 'suites' | 'plan' | 'stages'>): boolean {
  return d.stages.testing.status === 'failed' && holdingSuites(d).length > 0;
}

/** Plans of before there were gates have none that could be let pass. */
function stops({ gates }: Plan, gate: 'quality' | 'tests'): boolean {
  if (!gates) return true;
  return gates.settings[gate].severity === 'blocking' && !gates.overrides.some((o) => o.gate === gate);
}

/** Why it goes on although suites failed: whose word lets each pass. */
export function letPassWords({ suites, plan }: Pick<Deployment, 'suites' | 'plan'>): string {
  const ids = [...new Set(failingSuites({ suites }).map(({ suite }) => gateOfSuite(suite)))];
  return ids
    .map((id) => {
      const override = plan.gates?.overrides.find(({ gate }) => gate === id);
      return override
        ? `let pass by ${override.by}: ${override.why}`
        : `the gate ${id} is only told here (${plan.gates?.settings[id].severity ?? 'blocking'})`;
    })
    .join('; ');
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
