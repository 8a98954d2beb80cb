import type { GateResult } from './gate.ts';

/** How a gate stands in one word. */
export type Standing = 'failed' | 'told' | 'overridden' | 'skipped' | 'passed';

/** Whether a gate that failed stops, is only told, or was let pass. */
export function standingOf({ status, severity, override }: GateResult): Standing {
  if (status !== 'failed') return status;
  return override ? 'overridden' : severity === 'warning' ? 'told' : 'failed';
}

/** The order in which gates are shown: what needs somebody first. */
const order: readonly Standing[] = ['failed', 'told', 'overridden', 'skipped', 'passed'];

/** Gates grouped by how they stand, what needs somebody first; within a group as they were looked at. */
export function grouped(results: readonly GateResult[]): GateResult[] {
  return order.flatMap((standing) => results.filter((result) => standingOf(result) === standing));
}

/** How many stand how, in words: `6 passed, 1 failed, 2 skipped`. */
export function standingWords(results: readonly GateResult[]): string {
  const words = {
    failed: 'failed',
    told: 'told only',
    overridden: 'overridden',
    skipped: 'skipped',
    passed: 'passed',
  };
  return (['passed', 'failed', 'told', 'overridden', 'skipped'] as const)
    .flatMap((standing) => {
      const n = results.filter((result) => standingOf(result) === standing).length;
      return n > 0 ? [`${n} ${words[standing]}`] : [];
    })
    .join(', ');
}
