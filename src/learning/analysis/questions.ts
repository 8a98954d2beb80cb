import type { Agreement, Calibration, Change } from '../../domain/analysis.ts';
import { fewestForCalibration, fewestForRate } from '../../domain/analysis.ts';
import { atLeast } from '../../domain/exact-test.ts';
import { normalBelow } from '../../domain/normal.ts';
import { probablyChance } from '../../domain/rank-sum.ts';
import { levelOfEach } from './comparisons.ts';
import { halvesOf, type OpenCourse } from './course.ts';
import type { KnownRow } from './counting.ts';
import { fisher } from './fisher.ts';
import { adjusted } from './holm.ts';
import type { Course, Median, Share } from '../../domain/analysis.ts';

/** So many durations of each half are compared, spread evenly over it: more would only take longer. */
const mostCompared = 2000;

interface Asked {
  success: OpenCourse<Share>;
  rollback: OpenCourse<Share>;
  duration: OpenCourse<Median>;
  /** The rows that the durations are of. */
  timed: readonly KnownRow[];
  /** What the predictions were worth, and how surely their score differs from the base rate's. */
  calibration: OpenCalibration;
  agreement: Agreement;
}

/** A calibration whose gain nobody has judged yet; `z` is how many standard errors the gain is from none. */
export interface OpenCalibration extends Omit<Calibration, 'gain'> {
  gain: Omit<Calibration['gain'], 'verdict'> & { z: number };
}

export interface Answered {
  success: Course<Share>;
  rollback: Course<Share>;
  duration: Course<Median>;
  calibration: Calibration;
  agreement: Agreement;
  /** Whether predictions are too high or too low on average, and how probable that is by chance. */
  hope: { kind: 'too-much' | 'too-little' | 'unclear'; adjusted: number | undefined };
}

/**
 * The six questions that are asked of every history: did success, taking back, duration and agreement with the advice change from its
 * older half to its newer one; do predictions hope too much or too little; are they better than the base rate. Adjusted together, as the comparisons are.
 */
export function answersOf({ success, rollback, duration, timed, calibration, agreement }: Asked): Answered {
  const tests = [
    ofShares(success.before, success.after),
    ofShares(rollback.before, rollback.after),
    ofDurations(timed),
    ofHopes(calibration),
    ofGain(calibration),
    agreement.p,
  ];
  const chances = adjusted(
    tests.map((p) => ({ p: p ?? 1, least: p === undefined ? 1 : 0 })),
    levelOfEach,
  );
  const [forSuccess, forRollback, forDuration, forHope, forGain, forAgreement] = chances;
  const sure = (chance: number | undefined) => chance !== undefined && chance <= levelOfEach;
  const { all, n, predicted } = calibration;
  const { z, ...gain } = calibration.gain;
  const fewer = predicted !== null && n > 0 && all.count / n < predicted;
  return {
    success: closed(success, forSuccess, rate),
    rollback: closed(rollback, forRollback, rate),
    duration: closed(duration, forDuration, ({ medianMs }) => medianMs ?? 0),
    calibration: {
      ...calibration,
      gain: {
        ...gain,
        verdict:
          forGain === undefined ? 'too-little' : sure(forGain) ? (z > 0 ? 'better' : 'worse') : 'unclear',
      },
    },
    agreement:
      agreement.p === undefined || sure(forAgreement) ? agreement : { ...agreement, change: 'unclear' },
    hope: { kind: sure(forHope) ? (fewer ? 'too-much' : 'too-little') : 'unclear', adjusted: forHope },
  };
}

const rate = ({ count, n }: Share) => (n === 0 ? 0 : count / n);

function closed<T>(
  { before, after, ...course }: OpenCourse<T>,
  chance: number | undefined,
  valueOf: (part: T) => number,
): Course<T> {
  const [was, is] = [valueOf(before), valueOf(after)];
  const kind: Change<T>['kind'] =
    chance === undefined
      ? 'too-little'
      : chance > levelOfEach || was === is
        ? 'unclear'
        : is > was
          ? 'up'
          : 'down';
  return {
    ...course,
    change: { kind, before, after, ...(chance === undefined ? {} : { adjusted: chance }) },
  };
}

function ofShares(before: Share, after: Share): number | undefined {
  if (before.n < fewestForRate || after.n < fewestForRate) return undefined;
  return fisher({
    failed: after.n - after.count,
    n: after.n,
    allFailed: before.n + after.n - before.count - after.count,
    total: before.n + after.n,
  }).p;
}

function ofDurations(rows: readonly KnownRow[]): number | undefined {
  const [before, after] = halvesOf(rows).map((half) => spread(half).map(({ durationMs }) => durationMs));
  if (!before || !after) return undefined;
  const [longer, shorter] = [probablyChance(after, before), probablyChance(before, after)];
  return longer === undefined || shorter === undefined
    ? undefined
    : Math.min(1, 2 * Math.min(longer, shorter));
}

/** Some of the rows, evenly spread over them. */
function spread<T>(rows: readonly T[]): T[] {
  const step = Math.max(1, Math.ceil(rows.length / mostCompared));
  return rows.filter((_, i) => i % step === 0);
}

/**
 * As if every deployment had had the mean of the predictions: with differing ones the number of successes is spread less (W. Hoeffding,
 * "On the distribution of the number of successes in independent trials", Annals of Mathematical Statistics 27, 1956), so this
 * claims less than it might.
 */
function ofHopes({ n, predicted, all }: OpenCalibration): number | undefined {
  if (n < fewestForCalibration || predicted === null) return undefined;
  const [more, fewer] = [atLeast(all.count, n, predicted), atLeast(n - all.count, n, 1 - predicted)];
  return Math.min(1, 2 * Math.min(more, fewer));
}

function ofGain({ n, all, gain: { z } }: OpenCalibration): number | undefined {
  // Where all ended alike, a base rate that knows the end cannot be beaten, and nothing follows from that.
  const alike = all.count === 0 || all.count === n;
  return n < fewestForCalibration || alike ? undefined : Math.min(1, 2 * normalBelow(-Math.abs(z)));
}
