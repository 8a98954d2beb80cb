import type { LockEntry } from '../../ports/environment-lock.ts';
import { failed, type Gate, type GatePorts, passed } from '../gate.ts';

/** No other deployment is in progress in the environment (REQUIREMENTS G1); the lock itself keeps a second one out. */
export const otherDeployment: Gate = {
  id: 'other-deployment',
  title: 'no other deployment is in progress',
  when: 'before',
  async look({ subject: { environment, deployment }, ports }) {
    const entry = await ports.lock.read(environment);
    if (!entry) return passed(`nothing else is in progress in ${environment}`);
    if (deployment && entry.deployment === deployment.id)
      return passed(`${environment} is held for this deployment alone`);
    if (await isLeft(ports, entry)) return passed(`nobody stands behind the lock of ${environment} any more`);
    return failed(
      `${environment} is held by ${entry.owner.name} since ${entry.since}${entry.deployment === null ? '' : ` for ${entry.deployment}`} (${entry.reason})`,
      `wait for its end (\`orchestrate status --monitor\`), or stop it with \`orchestrate deploy abort --env ${environment}\``,
    );
  },
};

/** As the lock itself sees it: its deployment is over, or its face died before there was one. */
async function isLeft({ journals, processes }: GatePorts, entry: LockEntry): Promise<boolean> {
  if (entry.deployment !== null && (await journals.current()).includes(entry.deployment)) return false;
  return entry.conductor !== null || !processes.isAlive(entry.face);
}
