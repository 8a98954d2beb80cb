import type { Calibration } from '../../domain/analysis.ts';
import { succeeded, type KnownRow } from './counting.ts';
import { shareOf } from './intervals.ts';

const bins = 10;

/**
 * What was predicted of deployments against how they ended: in ten bins of equal width, and as one number (G. W. Brier,
 * "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78, 1950).
 */
export function calibrationOf(rows: readonly KnownRow[]): Calibration {
  const seen = rows.flatMap((row) =>
    row.facts.probability === undefined
      ? []
      : [{ predicted: row.facts.probability, went: succeeded(row) ? 1 : 0 }],
  );
  const n = seen.length;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const well = seen.filter(({ went }) => went === 1).length;
  const base = n === 0 ? 0 : well / n;
  return {
    n,
    bins: Array.from({ length: bins }, (_, i) => i).flatMap((i) => {
      const inside = seen.filter(({ predicted }) => Math.min(bins - 1, Math.floor(predicted * bins)) === i);
      if (inside.length === 0) return [];
      return [
        {
          from: i / bins,
          to: (i + 1) / bins,
          predicted: mean(inside.map(({ predicted }) => predicted)),
          ...shareOf(inside.filter(({ went }) => went === 1).length, inside.length),
        },
      ];
    }),
    brier: n === 0 ? null : mean(seen.map(({ predicted, went }) => (predicted - went) ** 2)),
    baseRateBrier: n === 0 ? null : base * (1 - base),
    predicted: n === 0 ? null : mean(seen.map(({ predicted }) => predicted)),
    all: shareOf(well, n),
  };
}
