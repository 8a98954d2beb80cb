import type { Deployment } from './deployment.ts';
import type { GateResult, GateTime } from './gate.ts';
import { phaseGates } from './phase-gates.ts';

/** How every gate of a deployment stands, by its time; empty where none was looked at yet. Pure. */
export function allGates(d: Deployment): Record<GateTime, GateResult[]> {
  return { before: d.gates?.before ?? [], during: phaseGates(d), after: d.gates?.after ?? [] };
}
