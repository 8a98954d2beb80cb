import type { Deployment } from './deployment.ts';
import type { GateResult } from './gate.ts';
import { phaseChecks } from './phase-checks.ts';
import { phaseHealth } from './phase-health.ts';
import { notStarted, phaseReadiness } from './phase-readiness.ts';

/** What is looked at in every phase (REQUIREMENTS G2), in the order in which it is shown. */
export const phaseGateTitles = {
  configuration: 'variables and port are there',
  dependencies: 'what it requires answers',
  readiness: 'it can take users',
  health: 'it answers its health checks',
} as const;
export type PhaseGateId = keyof typeof phaseGateTitles;

/**
 * How the gates of every phase that was entered stand. They follow from what the rollout did, which acted on a failure when it met
 * it: nothing here decides anything again. Pure.
 */
export function phaseGates(d: Deployment): GateResult[] {
  return d.phases.flatMap((phase, index) =>
    phase.startedAt !== undefined || (index === 0 && (askedBefore(d) || notStarted(d)))
      ? gatesIn(d, index)
      : [],
  );
}

function gatesIn(d: Deployment, phase: number): GateResult[] {
  const ids = ['configuration', 'dependencies', 'readiness', 'health'] as const;
  return ids.map((id) => ({
    id,
    title: phaseGateTitles[id],
    when: 'during',
    severity: 'blocking',
    ...standsIn(d, phase, id),
    phase,
  }));
}

function standsIn(
  d: Deployment,
  phase: number,
  id: PhaseGateId,
): Pick<GateResult, 'status' | 'detail' | 'fix' | 'override'> & Partial<Pick<GateResult, 'severity'>> {
  switch (id) {
    case 'configuration':
      return phaseChecks(d, phase, 'configuration-check');
    case 'dependencies':
      return phaseChecks(d, phase, 'dependency-check');
    case 'readiness':
      return phaseReadiness(d, phase);
    case 'health':
      return phaseHealth(d, phase);
    default:
      return id satisfies never;
  }
}

/** Whether something was asked before the rollout began. */
function askedBefore({ actions }: Deployment): boolean {
  return actions.some(
    ({ kind, point }) =>
      point === 'before-deployment' && (kind === 'configuration-check' || kind === 'dependency-check'),
  );
}
