import type { Deployment } from './deployment.ts';
import { errorRate } from './judge.ts';
import { type Counts, histogramOf, quantile, since, sinceFirst } from './sample.ts';

/** What one version did over a stretch: requests, percent that failed, and p95 in milliseconds where anything was answered. */
export interface SideNumbers {
  requests: number;
  errorRate: number | undefined;
  p95: number | undefined;
}

export interface Sides {
  stable: SideNumbers | undefined;
  candidate: SideNumbers;
}

function numbersOf(counts: Counts): SideNumbers {
  return {
    requests: counts.requests,
    errorRate: counts.requests === 0 ? undefined : errorRate(counts),
    p95: quantile(histogramOf(counts), 0.95),
  };
}

/**
 * Both versions side by side in one phase of a past rollout, as far as its readings were kept: of the first place, the
 * newest ones. Undefined where there are none of that phase.
 */
export function phaseSides(deployment: Deployment, index: number): Sides | undefined {
  const { samples, phases } = deployment;
  const phase = phases[index];
  const began = phase?.weightAt ?? phase?.startedAt;
  if (!phase || began === undefined) return undefined;
  const ended = phase.finishedAt ?? deployment.updatedAt;
  const last = samples.findLast(({ at }) => at >= began && at <= ended);
  if (!last) return undefined;
  const before = samples.findLast(({ at }) => at < began);
  return {
    stable: last.stable && numbersOf(since((before ?? samples[0])?.stable, last.stable)),
    candidate: numbersOf(since(before?.candidate, last.candidate)),
  };
}

/** Both versions side by side over all of a rollout's readings that were kept; undefined where there are none. */
export function rolloutSides({ samples }: Deployment): Sides | undefined {
  const last = samples.at(-1);
  if (!last) return undefined;
  const stable = sinceFirst(samples.flatMap((sample) => sample.stable ?? []));
  return { stable: stable && numbersOf(stable), candidate: numbersOf(last.candidate) };
}
