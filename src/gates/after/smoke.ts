import { failureWords } from '../../domain/after-action.ts';
import { counted } from '../../domain/counted.ts';
import { failed, passed, skipped } from '../gate.ts';
import { afterRollout } from './rolled-out.ts';

/** The smoke tests asked the critical endpoints through the router, with all traffic on the candidate (REQUIREMENTS G3). */
export const smoke = afterRollout({ id: 'smoke', title: 'smoke tests pass' }, ({ deployment }) => {
  const planned = (deployment.plan.actions ?? []).filter(
    ({ kind, at }) => kind === 'smoke' && at.includes('after-rollout'),
  );
  if (planned.length === 0) return skipped('the environment names no smoke tests');
  const results = deployment.actions.filter(
    ({ kind, point }) => kind === 'smoke' && point === 'after-rollout',
  );
  const failures = results.filter(({ status }) => status === 'failed');
  if (failures.length > 0)
    return failed(
      failures.map(failureWords).join('; '),
      'ask the endpoint as the smoke test does, and see the candidate’s log',
    );
  const missing = planned.filter(({ name }) => !results.some((result) => result.name === name));
  return missing.length > 0
    ? failed(
        `${missing.map(({ name }) => name).join(', ')} did not run with all traffic`,
        'deploy it again: smoke tests run after the last phase',
      )
    : passed(
        `${counted(results.length, 'smoke test')} passed: ${results.map(({ name }) => name).join(', ')}`,
      );
});
