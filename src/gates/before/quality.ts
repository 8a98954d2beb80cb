import { formatDuration } from '../../domain/duration.ts';
import { qualitySuite } from '../../domain/testing-verdict.ts';
import { failed, type Gate, passed, skipped } from '../gate.ts';
import { testedBefore } from '../tested-before.ts';

/** The project's own linter or type checker finds nothing (REQUIREMENTS G1); it runs as a suite does, and has its output there. */
export const quality: Gate = {
  id: 'quality',
  title: 'the code is as good as wanted',
  when: 'before',
  async look({ subject: { plan, deployment, tree }, ports }) {
    const planned = plan.suites.find(({ name }) => name === qualitySuite);
    if (!planned) return skipped('no command is named: gates.quality.run, or a suite of the name quality');
    if (plan.suitesSkipped !== undefined) return skipped(plan.suitesSkipped);
    const ran = deployment?.suites.find(({ suite }) => suite === qualitySuite);
    if (!ran) {
      const before = await testedBefore(ports.memory, tree, [planned]);
      if (before) return passed(`${planned.run} passed on this very tree in ${before.id}`);
      return skipped(`${planned.run} runs on the candidate once it is built`);
    }
    if (ran.status === 'passed') return passed(`${planned.run} passed in ${formatDuration(ran.durationMs)}`);
    const how = ran.status === 'timed_out' ? 'timed out' : `ended with exit code ${ran.exitCode ?? 'none'}`;
    return failed(
      `${planned.run} ${how}`,
      'read what it wrote beside the other suites; mend it, or leave out what broke it',
    );
  },
};
