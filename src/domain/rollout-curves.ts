import type { Deployment } from './deployment.ts';
import type { Event } from './event.ts';
import { evolve } from './evolve.ts';
import { latencyLogEvidence } from './latency-evidence.ts';
import { errorsOf, histogramOf, quantile, since, type Counts, type Sample } from './sample.ts';
import { logEvidence } from './sequential.ts';

/** What both sides did in a stretch of a rollout, and how the evidence stood at its end. */
export interface CurvePoint {
  /** The end of the stretch, milliseconds after the first reading. */
  ms: number;
  /** The candidate's share of traffic, percent. */
  weight: number;
  candidate: Stretch;
  stable: Stretch | undefined;
  /** Natural logarithms. */
  evidence: { errors: number; latency: number | undefined };
}

export interface Stretch {
  requests: number;
  errors: number;
  /** Percent; undefined where nothing was asked. */
  errorRate: number | undefined;
  /** Milliseconds. */
  p95: number | undefined;
  /** Bytes. */
  memory: number | undefined;
}

export interface RolloutCurves {
  /** When the first reading was made. */
  from: string;
  points: CurvePoint[];
  /** Where phases began and the way back did, milliseconds after `from`. */
  marks: { ms: number; kind: 'phase' | 'back'; phase: number }[];
}

/** So many stretches make a plot; more cannot be told apart. */
const mostPoints = 120;

function stretch(before: Counts | undefined, after: Counts, memory: number | undefined): Stretch {
  const counted = since(before, after);
  const errors = errorsOf(counted);
  return {
    requests: counted.requests,
    errors,
    errorRate: counted.requests === 0 ? undefined : (100 * errors) / counted.requests,
    p95: quantile(histogramOf(counted), 0.95),
    memory,
  };
}

/**
 * The rollout as its journal has it, in at most 120 stretches of equal length, of the first place. The evidence is folded as the
 * conductor folded it. Undefined where nothing was read. Pure: the same events give the same curves.
 */
export function rolloutCurves(events: readonly Event[]): RolloutCurves | undefined {
  const readings = events.flatMap((event) =>
    event.type === 'measured' && event.place === undefined ? [event.sample.at] : [],
  );
  const [from] = readings;
  const last = readings.at(-1);
  if (from === undefined || last === undefined) return undefined;
  const start = Date.parse(from);
  const length = Math.max(1, Date.parse(last) - start);
  const slot = (at: string) =>
    Math.min(mostPoints - 1, Math.floor(((Date.parse(at) - start) / length) * mostPoints));
  const points: CurvePoint[] = [];
  const marks: RolloutCurves['marks'] = [];
  let d: Deployment | undefined;
  let before: Sample | undefined;
  let first: Sample | undefined;
  let pending: { sample: Sample; evidence: CurvePoint['evidence'] } | undefined;
  const put = () => {
    if (!pending) return;
    const { sample, evidence } = pending;
    points.push({
      ms: Date.parse(sample.at) - start,
      weight: sample.weight,
      candidate: stretch(before?.candidate, sample.candidate, sample.memory?.candidate),
      stable:
        sample.stable &&
        // What stable counted before the first reading is no part of the rollout.
        stretch(before?.stable ?? first?.stable, sample.stable, sample.memory?.stable),
      evidence,
    });
    before = sample;
    pending = undefined;
  };
  for (const event of events) {
    d = evolve(d, event);
    const ms = Date.parse(event.at) - start;
    if (event.type === 'phase.started')
      marks.push({ ms: Math.max(0, ms), kind: 'phase', phase: event.phase });
    if (event.type === 'rollback.started') marks.push({ ms: Math.max(0, ms), kind: 'back', phase: d.phase });
    if (event.type !== 'measured' || event.place !== undefined) continue;
    if (pending && slot(event.sample.at) !== slot(pending.sample.at)) put();
    first ??= event.sample;
    const { errors, latency } = d.compared;
    pending = {
      sample: event.sample,
      evidence: { errors: logEvidence(errors.ratios), latency: latency && latencyLogEvidence(latency) },
    };
  }
  put();
  return { from, points, marks };
}
