import type { ChangeMetrics } from '../../domain/risk/change-metrics.ts';
import type { Git } from '../../ports/git.ts';
import { emptyPast, readPast, type Evidence } from './read-past.ts';
import { waitingTime } from './waiting-time.ts';

/** A change of the past with what became of it. */
export interface PastChange {
  sha: string;
  /** When it landed, seconds since 1970. */
  at: number;
  metrics: ChangeMetrics;
  /** Whether it was reverted or fixed later; undefined where it is too young to say. */
  defective: boolean | undefined;
  by?: Evidence;
  /** When that was seen. */
  shownAt?: number;
}

/** Every measured change up to `tip`, oldest first, with what is known of it by then. */
export async function readPastChanges(
  git: Git,
  tip: string,
  options: { signal?: AbortSignal; shards?: number; progress?: (done: number, of: number) => void } = {},
): Promise<PastChange[]> {
  const changes = new Map<number, PastChange>();
  const state = emptyPast();
  for await (const step of readPast({ git, tip, state, ...options })) {
    if (!step) break;
    for (const [number, by] of step.shows) {
      const change = changes.get(number);
      if (change && change.defective !== true)
        changes.set(number, { ...change, defective: true, by, shownAt: step.at });
    }
    const { number, sha, at, metrics } = step;
    if (metrics) changes.set(number, { sha, at, metrics, defective: undefined });
  }
  const old = state.past.lastAt - waitingTime;
  return [...changes.values()].map((change) =>
    change.defective === undefined && change.at <= old ? { ...change, defective: false } : change,
  );
}
