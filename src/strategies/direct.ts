import type { Phase } from '../domain/plan.ts';

/** How long a version without anything to compare with must answer its health check. */
const settleMs = 2000;

/** One step for a first deployment or a return to a known good version: health decides, not numbers. */
export function direct(name: string, healthTimeoutMs: number): Phase[] {
  return [
    {
      name,
      weight: 100,
      bakeMs: settleMs,
      extendToMs: settleMs + healthTimeoutMs,
      minimumSample: 0,
      judged: false,
    },
  ];
}
