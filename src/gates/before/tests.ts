import { failingSuites, passingWords } from '../../domain/testing-verdict.ts';
import { failed, type Gate, passed, skipped } from '../gate.ts';

/** Every suite passed on this very candidate (REQUIREMENTS G1). */
export const tests: Gate = {
  id: 'tests',
  title: 'all tests pass',
  when: 'before',
  look({ subject: { plan, deployment } }) {
    if (plan.suitesSkipped !== undefined) return skipped(plan.suitesSkipped);
    if (plan.suites.length === 0) return skipped('orchestra.yaml names no suites');
    if (!deployment || deployment.suites.length < plan.suites.length)
      return skipped('the suites run on the candidate once it is built');
    const failing = failingSuites(deployment);
    if (failing.length === 0) return passed(passingWords(deployment));
    return failed(
      `${failing.map(({ suite }) => suite).join(', ')} did not pass`,
      'see the test report; mend it, or leave out what broke it',
    );
  },
};
