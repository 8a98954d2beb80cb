import { z } from 'zod';

/** Judgements of one probability of a defect, told apart by a hundredth. */
const bins = 100;
/** Of these the calibration is told: ten bins of the same width, as in the literature. */
const calibrationBins = 10;

const most = 1e9;
const count = z.number().transform((value) => Math.min(most, Math.max(0, Math.round(value))));
const counts = z.array(count).length(bins);

/**
 * How well changes were judged before it was known what became of them: for each hundredth of the probability how many
 * turned out good and how many defective, and the sum of the squared errors.
 */
export const judgedSchema = z.object({
  good: counts,
  defective: counts,
  squaredErrors: z.number().transform((value) => Math.min(most, Math.max(0, value))),
});
export type Judged = z.infer<typeof judgedSchema>;

export function nothingJudged(): Judged {
  return {
    good: Array.from({ length: bins }, () => 0),
    defective: Array.from({ length: bins }, () => 0),
    squaredErrors: 0,
  };
}

/** Adds what became of a change that was said to be defective with this probability. Changes `judged`. */
export function addJudged(judged: Judged, defect: number, defective: boolean): void {
  const bin = binOf(defect);
  const side = defective ? judged.defective : judged.good;
  side[bin] = (side[bin] ?? 0) + 1;
  judged.squaredErrors += (defect - (defective ? 1 : 0)) ** 2;
}

/** A change that counted as good turned out defective after all. Changes `judged`. */
export function turnJudged(judged: Judged, defect: number): void {
  const bin = binOf(defect);
  if ((judged.good[bin] ?? 0) === 0) return;
  judged.good[bin] = (judged.good[bin] ?? 0) - 1;
  judged.squaredErrors = Math.max(0, judged.squaredErrors - defect ** 2);
  addJudged(judged, defect, true);
}

/** The same in numbers people compare. Without a change of either kind there is no AUC, without any nothing. */
export const changeScoreSchema = z.object({
  n: z.number().int().nonnegative(),
  defective: z.number().int().nonnegative(),
  /** Probability that a defective change was judged worse than a good one; 0.5 is chance. */
  auc: z.number().min(0).max(1).optional(),
  /** Mean squared error of the probabilities. */
  brier: z.number().min(0).max(1).optional(),
  /** The same of always saying the share of defective ones, as it came out in the end. */
  baseBrier: z.number().min(0).max(1).optional(),
  /** Mean distance of what was said from what came, over ten bins, weighted by how many are in each. */
  calibrationError: z.number().min(0).max(1).optional(),
});
export type ChangeScore = z.infer<typeof changeScoreSchema>;

export function scoreOf({ good, defective, squaredErrors }: Judged): ChangeScore {
  const [right, wrong] = [total(good), total(defective)];
  const n = right + wrong;
  if (n === 0) return { n, defective: wrong };
  const share = wrong / n;
  return {
    n,
    defective: wrong,
    ...(right > 0 && wrong > 0 && { auc: round(aucOf(good, defective) / right / wrong) }),
    brier: round(Math.min(1, squaredErrors / n)),
    baseBrier: round(share * (1 - share)),
    calibrationError: round(calibrationOf(good, defective) / n),
  };
}

/** Pairs of a good and a defective change of which the defective one was judged worse; equal ones count half. */
function aucOf(good: readonly number[], defective: readonly number[]): number {
  let [below, pairs] = [0, 0];
  for (const [bin, fine] of good.entries()) {
    pairs += (defective[bin] ?? 0) * (below + fine / 2);
    below += fine;
  }
  return pairs;
}

function calibrationOf(good: readonly number[], defective: readonly number[]): number {
  const width = bins / calibrationBins;
  let distance = 0;
  for (let first = 0; first < bins; first += width) {
    let [said, came] = [0, 0];
    for (let bin = first; bin < first + width; bin += 1) {
      const [fine, bad] = [good[bin] ?? 0, defective[bin] ?? 0];
      said += (fine + bad) * ((bin + 0.5) / bins);
      came += bad;
    }
    distance += Math.abs(said - came);
  }
  return distance;
}

/** Judgements in it, of either kind. */
export function judgedSoFar({ good, defective }: Judged): number {
  return total(good) + total(defective);
}

const binOf = (defect: number) => Math.min(bins - 1, Math.max(0, Math.floor(defect * bins) || 0));
const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
const round = (value: number) => Math.round(value * 1e4) / 1e4;
