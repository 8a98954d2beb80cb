export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** The 95 % quantiles of Student's t by degrees of freedom from 1; beyond them the normal one is near enough. */
const quantiles = [6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812, 1.796, 1.782, 1.771];

/** The 90 % interval of the mean of values `within` these ends, in percent: `41.0–52.3 %`; of one life nothing is known. */
export function interval90(shares: readonly number[], [least, most]: readonly [number, number]): string {
  if (shares.length < 2) return 'no interval from one life';
  const middle = mean(shares);
  const variance = mean(shares.map((share) => (share - middle) ** 2)) * (shares.length / (shares.length - 1));
  const half = (quantiles[shares.length - 2] ?? 1.7) * Math.sqrt(variance / shares.length);
  const percent = (share: number) => (100 * share).toFixed(1);
  return `${percent(Math.max(least, middle - half))}–${percent(Math.min(most, middle + half))} %`;
}
