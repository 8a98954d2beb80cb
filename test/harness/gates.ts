import type { SuiteResult } from '../../src/domain/event.ts';
import { gatesSettingsSchema } from '../../src/domain/gate-settings.ts';
import type { Override } from '../../src/domain/gate.ts';
import type { Plan } from '../../src/domain/plan.ts';
import type { SignOff } from '../../src/domain/sign-off.ts';
import type { Gate, GateContext, GateSubject } from '../../src/gates/gate.ts';
import { gatePorts } from '../../src/engine/gate-ports.ts';
import { plan } from './plan.ts';
import { candidate, stable, World } from './world.ts';

/** A plan with gates, settings as `orchestra.yaml` has them. */
export function gatedPlan(
  settings: unknown = {},
  change: Partial<Plan> & { overrides?: Override[]; signOffs?: SignOff[] } = {},
): Plan {
  const { overrides = [], signOffs = [], ...rest } = change;
  return plan({ gates: { settings: gatesSettingsSchema.parse(settings), overrides, signOffs }, ...rest });
}

/** A look at one gate in a world of its own: what is planned is the candidate beside stable. */
export async function looked(
  gate: Gate,
  change: Partial<GateSubject> = {},
  ports: Partial<GateContext['ports']> = {},
) {
  const world = new World();
  try {
    const subject: GateSubject = {
      environment: 'production',
      kind: 'deploy',
      plan: gatedPlan(),
      source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
      stable,
      tree: 't',
      sha: candidate.sha,
      by: { name: 'Ana', face: 'cli' },
      ...change,
    };
    const settings = subject.plan.gates?.settings ?? gatesSettingsSchema.parse({});
    return await gate.look({ subject, settings, ports: { ...gatePorts(world.conductor()), ...ports } });
  } finally {
    world.remove();
  }
}

export const suiteRun = (suite: string, status: SuiteResult['status']): SuiteResult => ({
  suite,
  kind: 'unit',
  status,
  exitCode: status === 'passed' ? 0 : 1,
  durationMs: 5,
  log: `${suite}.log`,
  tail: [],
});
