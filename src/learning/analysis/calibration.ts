import { succeeded, type KnownRow } from './counting.ts';
import { shareOf } from './intervals.ts';
import type { OpenCalibration } from './questions.ts';

const bins = 10;

/** A deployment's predicted probability of success, and 1 where it succeeded, else 0. */
interface Seen {
  predicted: number;
  went: 0 | 1;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * What was predicted of deployments against how they ended: in ten bins of equal width, and as one number (G. W. Brier,
 * "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78, 1950).
 */
export function calibrationOf(rows: readonly KnownRow[]): OpenCalibration {
  const seen = rows.flatMap((row): Seen[] =>
    row.facts.probability === undefined
      ? []
      : [{ predicted: row.facts.probability, went: succeeded(row) ? 1 : 0 }],
  );
  const n = seen.length;
  const well = seen.filter(({ went }) => went === 1).length;
  const base = n === 0 ? 0 : well / n;
  const inBins = Array.from({ length: bins }, (): Seen[] => []);
  for (const one of seen) inBins[Math.min(bins - 1, Math.floor(one.predicted * bins))]?.push(one);
  return {
    n,
    bins: inBins.flatMap((inside, i) =>
      inside.length === 0
        ? []
        : [
            {
              from: i / bins,
              to: (i + 1) / bins,
              predicted: mean(inside.map(({ predicted }) => predicted)),
              ...shareOf(inside.filter(({ went }) => went === 1).length, inside.length),
            },
          ],
    ),
    brier: n === 0 ? null : mean(seen.map(({ predicted, went }) => (predicted - went) ** 2)),
    baseRateBrier: n === 0 ? null : base * (1 - base),
    predicted: n === 0 ? null : mean(seen.map(({ predicted }) => predicted)),
    all: shareOf(well, n),
    ...errorsOf(inBins, n),
    gain: gainOf(seen, base),
  };
}

/**
 * The expected calibration error (M. P. Naeini, G. F. Cooper, M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian
 * binning", AAAI 2015), and what it would be in the mean by chance, were the predictions exactly right (normal approximation).
 */
function errorsOf(
  inBins: readonly (readonly Seen[])[],
  n: number,
): Pick<OpenCalibration, 'error' | 'errorByChance'> {
  if (n === 0) return { error: null, errorByChance: null };
  let error = 0;
  let errorByChance = 0;
  for (const inside of inBins) {
    const off = inside.reduce((sum, { predicted, went }) => sum + predicted - went, 0);
    const variance = inside.reduce((sum, { predicted }) => sum + predicted * (1 - predicted), 0);
    error += Math.abs(off) / n;
    errorByChance += Math.sqrt((2 / Math.PI) * variance) / n;
  }
  return { error, errorByChance };
}

/** How much nearer to what came the predictions were than the base rate, squared, in the mean of the deployments, paired. */
function gainOf(seen: readonly Seen[], base: number): OpenCalibration['gain'] {
  const n = seen.length;
  if (n < 2) return { value: 0, interval: [-1, 1], z: 0 };
  const gains = seen.map(({ predicted, went }) => (base - went) ** 2 - (predicted - went) ** 2);
  const value = mean(gains);
  const error = Math.sqrt(gains.reduce((sum, one) => sum + (one - value) ** 2, 0) / (n - 1) / n);
  return {
    value,
    interval: [Math.max(-1, value - 1.645 * error), Math.min(1, value + 1.645 * error)],
    // Without any spread nothing can be told: all outcomes were alike.
    z: error === 0 ? 0 : value / error,
  };
}
