import type { Deployment } from '../../domain/deployment.ts';
import type { Version } from '../../domain/event.ts';
import { type Gate, type GateContext, type GateFinding, type RunningPorts, skipped } from '../gate.ts';

/** A candidate that has all traffic, and what may be asked of it. */
export interface RolledOut extends GateContext {
  deployment: Deployment;
  version: Version;
  running: RunningPorts;
}

/** A gate that looks at a candidate with all traffic; there is nothing to look at before there is one. */
export function afterRollout(
  gate: Pick<Gate, 'id' | 'title'>,
  look: (context: RolledOut) => GateFinding | Promise<GateFinding>,
): Gate {
  return {
    ...gate,
    when: 'after',
    look(context) {
      const { deployment } = context.subject;
      const { running } = context.ports;
      if (!deployment || deployment.candidate.kind === 'none' || !running)
        return skipped('it is looked at once the candidate has all traffic');
      return look({ ...context, deployment, version: deployment.candidate.version, running });
    },
  };
}
