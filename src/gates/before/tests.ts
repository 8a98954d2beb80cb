import { counted } from '../../domain/counted.ts';
import { failingSuites, gateOfSuite, passingWords } from '../../domain/testing-verdict.ts';
import { failed, type Gate, passed, skipped } from '../gate.ts';
import { testedBefore } from '../tested-before.ts';

/** Every suite passed on this very candidate (REQUIREMENTS G1). */
export const tests: Gate = {
  id: 'tests',
  title: 'all tests pass',
  when: 'before',
  async look({ subject: { plan, deployment, tree }, ports }) {
    if (plan.suitesSkipped !== undefined) return skipped(plan.suitesSkipped);
    const planned = plan.suites.filter(({ name }) => gateOfSuite(name) === 'tests');
    if (planned.length === 0) return skipped('orchestra.yaml names no suites');
    if (!deployment || deployment.suites.length < plan.suites.length) {
      const before = await testedBefore(ports.memory, tree, planned);
      if (before)
        return passed(`${counted(planned.length, 'suite')} passed on this very tree in ${before.id}`);
      return skipped('the suites run on the candidate once it is built');
    }
    const suites = deployment.suites.filter(({ suite }) => gateOfSuite(suite) === 'tests');
    const failing = failingSuites({ suites });
    if (failing.length === 0) return passed(passingWords({ suites }));
    return failed(
      failing
        .map(({ suite, status }) => `${suite} ${status === 'timed_out' ? 'timed out' : 'failed'}`)
        .join(', '),
      'see the test report; mend it, or leave out what broke it',
    );
  },
};
