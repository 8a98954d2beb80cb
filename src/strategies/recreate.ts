import { formatDuration } from '../domain/duration.ts';
import { type Phase, startMs } from '../domain/plan.ts';
import { direct } from './direct.ts';
import { type Strategy, type StrategyContext, drainMs, extension } from './strategy.ts';

/** The old version ends before the new one starts: for what cannot run twice. */
export const recreate: Strategy = {
  name: 'recreate',
  summary: 'the old version stopped, then the new one started; users are refused in between',
  phases: ({ recreate: { bake }, thresholds }, copies) => [
    {
      name: 'stop the old, start the new',
      weight: 100,
      bakeMs: bake,
      extendToMs: extension(bake),
      minimumSample: thresholds.minimum_sample,
      judged: true,
      scale: onlyOne(copies),
    },
  ],
  notes: (context) => [
    `USERS ARE REFUSED while neither version runs: from the moment ${context.stable} is stopped until the new version is healthy, ${formatDuration(refusedMs(context))} at most. The router answers 503 with Retry-After.`,
    ...(context.migrates ? ['The migration runs in that time too, and takes as long as it takes.'] : []),
  ],
  wayBack: (context) => ({
    steps: [
      `The new version is stopped first, then ${context.stable} is started again as it was: users are refused once more, ${formatDuration(refusedMs(context))} at most.`,
    ],
    longestMs: refusedMs(context),
  }),
};

/** A return to a known good version that must never run beside the one it replaces. */
export function directAlone(name: string, healthTimeoutMs: number, copies: number): Phase[] {
  return direct(name, healthTimeoutMs).map((phase) => ({ ...phase, scale: onlyOne(copies) }));
}

function onlyOne(copies: number): NonNullable<Phase['scale']> {
  return { candidate: copies, stable: 0, stableMeanwhile: 0 };
}

/** Requests under way end, one version stops, the other starts and gets healthy. */
function refusedMs({ healthMs, stopMs, copies }: StrategyContext): number {
  return drainMs + stopMs + startMs(copies, healthMs);
}
