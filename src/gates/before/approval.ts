import { approvalRule, missingWords, missingYeses, validYeses, whoMay } from '../../domain/approvals.ts';
import { listedWords } from '../../domain/listed-words.ts';
import { failed, type Gate, passed, skipped } from '../gate.ts';

/** Those whose yes the environment wants have given it, or can still be asked (REQUIREMENTS G1, T3). */
export const approval: Gate = {
  id: 'approval',
  title: 'approved by those who may',
  when: 'before',
  look({ subject: { plan, deployment, environment }, ports }) {
    if (!plan.approval) return skipped(`${environment} asks for nobody’s approval`);
    const then = plan.approval.before === 'rollout' ? 'before the rollout' : 'before all traffic';
    if (!deployment) return skipped(`asked for ${then}: ${approvalRule(plan.approval)}`);
    const now = ports.clock.now();
    const missing = missingYeses(deployment, now);
    if (missing === 0)
      return passed(
        `${listedWords(
          validYeses(deployment, now).map(({ by }) => by.name),
          'and',
        )} approved it`,
      );
    const may = whoMay(deployment, now);
    if (may && may.length < missing)
      return failed(
        missingWords(deployment, now),
        `add to approval.by of ${environment} in orchestra.yaml, or let somebody else ask for the deployment`,
      );
    return skipped(`asked for ${then}; ${missingWords(deployment, now)}`);
  },
};
