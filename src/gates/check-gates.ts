import { messageOf } from '../domain/errors.ts';
import type { GateResult, GateTime } from '../domain/gate.ts';
import { safeText } from '../domain/safe-text.ts';
import { failed, type Gate, type GateContext, type GateFinding, type GatePorts } from './gate.ts';
import { gates } from './registry.ts';

/**
 * Looks at every gate of a time, in the registry's order. Gates that are off are left out; one that cannot be looked at has
 * failed. Throws only where the signal is aborted.
 */
export async function checkGates(
  when: GateTime,
  context: GateContext,
  all: readonly Gate[] = gates,
): Promise<GateResult[]> {
  const results: GateResult[] = [];
  for (const gate of all) {
    if (gate.when !== when) continue;
    const result = await checkOne(gate, context);
    if (result) results.push(result);
  }
  return results;
}

/** Looks at one gate; undefined where it is off. Throws only where the signal is aborted. */
export async function checkOne<Needs extends keyof GatePorts>(
  gate: Gate<Needs>,
  context: GateContext<Needs>,
): Promise<GateResult | undefined> {
  const { severity } = context.settings[gate.id];
  if (severity === 'off') return undefined;
  const finding = await found(gate, context);
  context.signal?.throwIfAborted();
  const override = context.subject.plan.gates?.overrides.find(({ gate: id }) => id === gate.id);
  return {
    id: gate.id,
    title: gate.title,
    when: gate.when,
    severity,
    ...finding,
    ...(override && finding.status === 'failed' ? { override: { by: override.by, why: override.why } } : {}),
  };
}

async function found<Needs extends keyof GatePorts>(
  gate: Gate<Needs>,
  context: GateContext<Needs>,
): Promise<GateFinding> {
  try {
    const { status, detail, fix, opensAt, severity } = await gate.look(context);
    return {
      status,
      ...(severity === undefined ? {} : { severity }),
      detail: safeText(detail, 500),
      ...(fix === undefined ? {} : { fix: safeText(fix, 500) }),
      ...(opensAt === undefined ? {} : { opensAt }),
    };
  } catch (error) {
    return failed(
      `could not be looked at: ${safeText(messageOf(error), 300)}`,
      'mend what kept it from being looked at, or set its severity in orchestra.yaml',
    );
  }
}
