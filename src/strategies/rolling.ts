import { counted } from '../domain/counted.ts';
import { formatDuration } from '../domain/duration.ts';
import { type Phase, startMs } from '../domain/plan.ts';
import type { RollingSettings } from '../domain/settings.ts';
import { type Strategy, drainMs, extension } from './strategy.ts';

/** Copy after copy of the old version gives way to one of the new; the share of the traffic follows. */
export const rolling: Strategy = {
  name: 'rolling',
  summary: 'copy after copy replaced, a batch at a time, each watched',
  phases: ({ rolling: settings, thresholds }, copies) => {
    const { surge, unavailable } = limitsOf(settings, copies);
    const batches = Math.ceil(copies / (surge + unavailable));
    return Array.from({ length: batches }, (_, i): Phase => {
      const before = Math.min(copies, i * (surge + unavailable));
      const candidate = Math.min(copies, before + surge + unavailable);
      return {
        name: `batch ${i + 1} of ${batches}: ${candidate} of ${counted(copies, 'copy', 'copies')} new`,
        weight: Math.round((1000 * candidate) / copies) / 10,
        bakeMs: settings.bake,
        extendToMs: extension(settings.bake),
        minimumSample: thresholds.minimum_sample,
        judged: true,
        scale: {
          candidate,
          stable: copies - candidate,
          stableMeanwhile: Math.min(copies - before, copies + surge - candidate),
        },
      };
    });
  },
  notes: ({ environment, copies, stable }) => {
    const { surge, unavailable } = limitsOf(environment.rolling, copies);
    if (copies === 1)
      return [`There is one copy only: the new one starts beside it, then ${stable} is ended.`];
    return [
      `${counted(surge + unavailable, 'copy is', 'copies are')} replaced at a time: never more than ${copies + surge} run, never fewer than ${copies - unavailable} serve. Copies of ${stable} are ended as new ones take their traffic.`,
    ];
  },
  wayBack: ({ healthMs, stopMs, copies, stable }) => ({
    steps: [
      `All copies of ${stable} that are left take all new requests at once; those that were ended are started again, back to ${copies}, and join them. Where none is left, the new copies serve until then.`,
      `Requests under way on the new copies may finish, for ${formatDuration(drainMs)} at most; then they are stopped.`,
    ],
    longestMs: startMs(copies, healthMs) + drainMs + stopMs,
  }),
};

/**
 * How many copies more than all may run, and how many fewer may serve, as Kubernetes resolves them for a Deployment: surge rounds up,
 * unavailable down, and where both come to nothing one may be unavailable. Beyond that one copy always serves, so a single
 * copy is replaced by one beside it.
 */
export function limitsOf(
  { max_surge, max_unavailable }: Pick<RollingSettings, 'max_surge' | 'max_unavailable'>,
  copies: number,
): { surge: number; unavailable: number } {
  const surge = Math.min(copies, resolve(max_surge, copies, Math.ceil));
  const unavailable = Math.min(copies - 1, resolve(max_unavailable, copies, Math.floor));
  if (surge + unavailable > 0) return { surge, unavailable };
  return copies === 1 ? { surge: 1, unavailable: 0 } : { surge: 0, unavailable: 1 };
}

function resolve(limit: number | string, copies: number, round: (n: number) => number): number {
  return typeof limit === 'number' ? limit : round((Number(limit.slice(0, -1)) * copies) / 100);
}
