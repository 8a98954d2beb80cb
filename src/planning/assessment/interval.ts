/** Standard normal quantile of a two-sided 90 % interval. */
const z90 = 1.645;

/** Wilson's score interval (1927) of 90 % for a share `p` seen in `n` trials; all of 0 … 1 when n is 0. */
export function wilson(p: number, n: number): [number, number] {
  if (n <= 0) return [0, 1];
  const z2 = z90 * z90;
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z90 / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
