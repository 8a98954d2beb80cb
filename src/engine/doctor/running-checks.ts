import type { Attention } from '../../domain/attention.ts';
import { failed, passed, warning, type Finding } from '../../domain/check.ts';
import { counted } from '../../domain/counted.ts';
import { formatDuration } from '../../domain/duration.ts';
import { evolve } from '../../domain/evolve.ts';
import type { Deployment } from '../../domain/deployment.ts';
import type { LockLook } from '../unlock.ts';
import { createLook } from '../look.ts';
import { lookAtLock, type UnlockPorts } from '../unlock.ts';
import type { Check } from './doctor.ts';

/** What runs, and who stands behind it. Nothing is taken up again by looking. */
export function runningChecks(ports: UnlockPorts, environments: () => Promise<string[]>): Check[] {
  return [
    { id: 'deployments.running', title: 'Deployments', run: () => deployments(ports) },
    { id: 'environments.locks', title: 'Locks', run: async () => locks(ports, await environments()) },
  ];
}

async function deployments(ports: UnlockPorts): Promise<Finding[]> {
  const findings: Finding[] = [];
  const look = createLook(ports);
  for (const id of await ports.journals.current()) {
    const { events, damaged } = await ports.journals.readable(id);
    let d: Deployment | undefined;
    for (const event of events) d = evolve(d, event);
    if (!d) {
      findings.push(failed(`${id} has no event that can be read`, 'The next command sets it aside.'));
      continue;
    }
    const entry = await ports.lock.read(d.environment).catch(() => undefined);
    const behind = entry?.deployment === id ? (entry.conductor ?? entry.face) : undefined;
    const alive = behind !== undefined && ports.processes.isAlive(behind);
    const where = `${id} in ${d.environment} is ${d.status.kind.replace('_', ' ')}`;
    const { attention } = await look(d);
    if (attention?.stuck === true && (alive || attention.kind === 'lock'))
      findings.push(stuckFinding(where, attention));
    else if (alive) findings.push(passed(`${where}, conducted by process ${behind.pid}`));
    else
      findings.push(
        warning(
          `${where}, and its conductor is gone${damaged ? '; its journal is damaged' : ''}`,
          'Any other command takes it up again, or `orchestrate resume`; `orchestrate unlock` ends it as halted where that fails.',
        ),
      );
  }
  return findings.length > 0 ? findings : [passed('none runs')];
}

/** A process that runs and does nothing mends itself as little as a lock that another has; a person only has to be reminded. */
function stuckFinding(where: string, { kind, what, forMs, why, can }: Attention): Finding {
  const say = kind === 'conductor' || kind === 'lock' ? failed : warning;
  const ways = can.map(({ command, does }) => `\`${command}\` ${does}`);
  return say(
    `${where}, and stuck: it waits for ${what}, for ${formatDuration(forMs)}${why === undefined ? '' : `; ${why}`}`,
    `${ways.join('; ')}.`,
  );
}

async function locks(ports: UnlockPorts, environments: readonly string[]): Promise<Finding[]> {
  const looks = await Promise.all(
    environments.map(async (environment) => lockFinding(environment, await lookAtLock(ports, environment))),
  );
  const held = looks.filter((finding) => finding !== undefined);
  return held.length > 0 ? held : [passed(`${counted(environments.length, 'environment')}, none is held`)];
}

function lockFinding(environment: string, look: LockLook): Finding | undefined {
  const fix = `\`orchestrate unlock --env ${environment}\` frees it; nothing is deleted.`;
  switch (look.kind) {
    case 'free':
      return undefined;
    case 'unreadable':
      return failed(look.problem, fix);
    case 'held':
      return look.pid === undefined
        ? warning(
            `${environment} is locked by ${look.owner} since ${look.since}, and nobody stands behind it`,
            look.deployment === undefined ? 'The next deployment takes it over.' : fix,
          )
        : passed(`${environment} is held by ${look.owner}, process ${look.pid}, since ${look.since}`);
    default:
      return look satisfies never;
  }
}
