import type { ActionPlan } from '../../src/domain/action.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { EventBody } from '../../src/domain/event.ts';
import { type GatesSettings, gatesSettingsSchema } from '../../src/domain/gate-settings.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { type Counts, emptyCounts, type Sample } from '../../src/domain/sample.ts';
import { gatePorts } from '../../src/engine/gate-ports.ts';
import { runningSubject } from '../../src/engine/gate-subject.ts';
import type { GateContext, RunningPorts } from '../../src/gates/gate.ts';
import { World } from './world.ts';
import { at, Fold, requested } from './deployment-events.ts';
import { drive, version } from './drive.ts';
import { phase, plan } from './plan.ts';

/** What a test says of a candidate with all traffic. */
export interface RolledOutOptions {
  plan?: Partial<Plan>;
  settings?: { [Id in keyof GatesSettings]?: Partial<GatesSettings[Id]> };
  /** What the candidate did in the last phase. */
  counts?: Partial<Counts>;
  /** What both sides held in the last phase, bytes. */
  memory?: Sample['memory'];
  /** Events before the last phase's reading. */
  events?: EventBody[];
  running?: Partial<RunningPorts>;
  change?: (d: Deployment) => Deployment;
}

/** A deployment whose last phase, the only one, was watched: a reading when it began, and one that holds `counts`. */
export function rolledOutDeployment({
  plan: changed,
  counts,
  memory,
  events = [],
  change = (d) => d,
}: RolledOutOptions = {}): Deployment {
  const request = requested({
    plan: plan({
      phases: [phase(100)],
      gates: { settings: gatesSettingsSchema.parse({}), overrides: [] },
      ...changed,
    }),
  });
  const driven = drive(request.type === 'deployment.requested' ? request : {}).until('observe');
  const fold = new Fold(request);
  fold.add(...driven.events.slice(1));
  const seconds = driven.events.length;
  const reading = (second: number, candidate: Counts): EventBody => ({
    type: 'measured',
    phase: 0,
    sample: {
      at: at(seconds + second),
      weight: 100,
      candidate,
      health: { healthy: 1, total: 1 },
      ...(memory ? { memory } : {}),
    },
  });
  fold.add(...events, reading(1, emptyCounts()), reading(60, { ...emptyCounts(), ...counts }));
  return change(fold.d);
}

/** What a gate after the rollout is given; the world's platform and router know nothing of it unless told. */
export function rolledOut(options: RolledOutOptions = {}): GateContext {
  const deployment = rolledOutDeployment(options);
  const ports = new World().conductor();
  return {
    subject: runningSubject(deployment),
    settings: gatesSettingsSchema.parse(options.settings ?? {}),
    ports: {
      ...gatePorts(ports),
      running: {
        platform: ports.platform,
        router: ports.router,
        attempt: async (action: ActionPlan) => {
          throw new Error(`${action.name} is not to be asked`);
        },
        ...options.running,
      },
    },
  };
}

export { version };
