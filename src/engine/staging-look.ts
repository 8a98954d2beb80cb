import type { GateResult } from '../domain/gate.ts';
import { checkOne } from '../gates/check-gates.ts';
import { staging } from '../gates/before/staging.ts';
import type { GatePorts, GateSubject } from '../gates/gate.ts';
import { servedVersions } from './versions.ts';

/** Whether the candidate went through the environment before; undefined where nobody asks. Reads the history alone. */
export function lookAtStaging(
  { memory }: Pick<GatePorts, 'memory'>,
  subject: GateSubject,
): Promise<GateResult | undefined> {
  const settings = subject.plan.gates?.settings;
  const served = (environment: string) => servedVersions(memory, environment);
  return settings === undefined
    ? Promise.resolve(undefined)
    : checkOne(staging, { subject, settings, ports: { memory, served } });
}
