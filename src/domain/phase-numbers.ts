import type { Event } from './event.ts';
import {
  errorsOf,
  histogramOf,
  quantile,
  sinceFirst,
  emptyCounts,
  type Counts,
  type Sample,
} from './sample.ts';

/** What one side did in a phase. Latencies in milliseconds, memory in bytes; undefined where nothing was seen. */
export interface SideInPhase {
  requests: number;
  errors: number;
  p50: number | undefined;
  p95: number | undefined;
  p99: number | undefined;
  /** The most that was held at any reading. */
  memory: number | undefined;
}

export interface PhaseNumbers {
  phase: number;
  readings: number;
  candidate: SideInPhase;
  stable: SideInPhase | undefined;
}

function side(counts: Counts, memory: readonly (number | undefined)[]): SideInPhase {
  const histogram = histogramOf(counts);
  const held = memory.filter((bytes) => bytes !== undefined);
  return {
    requests: counts.requests,
    errors: errorsOf(counts),
    p50: quantile(histogram, 0.5),
    p95: quantile(histogram, 0.95),
    p99: quantile(histogram, 0.99),
    memory: held.length === 0 ? undefined : held.reduce((most, bytes) => Math.max(most, bytes)),
  };
}

/**
 * Both sides' numbers of each phase that was read in the first place, from the journal: also of readings that the fold no longer
 * keeps. A phase counts from the last reading before it; a router that began to count anew in between loses nothing.
 */
export function phaseNumbers(events: readonly Event[]): PhaseNumbers[] {
  const phases = new Map<number, Sample[]>();
  let before: Sample | undefined;
  for (const event of events) {
    if (event.type !== 'measured' || event.place !== undefined) continue;
    const known = phases.get(event.phase);
    if (known) known.push(event.sample);
    else phases.set(event.phase, before ? [before, event.sample] : [event.sample]);
    before = event.sample;
  }
  let isFirst = true;
  return [...phases].map(([phase, samples]) => {
    // The candidate began with nothing; what stable had counted before is not the rollout's.
    const fresh = [...(isFirst ? [emptyCounts()] : []), ...samples.map(({ candidate }) => candidate)];
    const readings = isFirst ? samples.length : samples.length - 1;
    isFirst = false;
    const old = samples.flatMap(({ stable }) => (stable ? [stable] : []));
    const stable = sinceFirst(old);
    return {
      phase,
      readings,
      candidate: side(
        sinceFirst(fresh) ?? emptyCounts(),
        samples.map(({ memory }) => memory?.candidate),
      ),
      stable:
        stable &&
        side(
          stable,
          samples.map(({ memory }) => memory?.stable),
        ),
    };
  });
}
