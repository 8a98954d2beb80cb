/** A probability and what came of it, 0 or 1. */
export interface Told {
  p: number;
  y: number;
}

/** The area under the ROC curve: how often of two changes, one defective, that one has the higher number. Ties count half. */
export function areaUnderCurve(told: readonly Told[]): number {
  const sorted = told.toSorted((a, b) => a.p - b.p);
  let ranks = 0;
  let bad = 0;
  for (let i = 0; i < sorted.length;) {
    let end = i;
    while (end < sorted.length && sorted[end]?.p === sorted[i]?.p) end += 1;
    for (let k = i; k < end; k += 1)
      if (sorted[k]?.y === 1) {
        ranks += (i + end + 1) / 2;
        bad += 1;
      }
    i = end;
  }
  const good = sorted.length - bad;
  return bad === 0 || good === 0 ? Number.NaN : (ranks - (bad * (bad + 1)) / 2) / (bad * good);
}

/** Brier's score: the mean squared distance of the probabilities from what came. */
export function brierScore(told: readonly Told[]): number {
  return meanOf(told.map(({ p, y }) => (p - y) ** 2));
}

/** Expected calibration error: ten bins of equal width, each bin's distance of mean probability and share, weighted by its size. */
export function calibrationError(told: readonly Told[]): number {
  const bins = Array.from({ length: 10 }, () => ({ p: 0, y: 0 }));
  for (const { p, y } of told) {
    const bin = bins[Math.min(9, Math.floor(p * 10))];
    if (bin) {
      bin.p += p;
      bin.y += y;
    }
  }
  return bins.reduce((sum, { p, y }) => sum + Math.abs(p - y), 0) / Math.max(1, told.length);
}

export function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / Math.max(1, numbers.length);
}
