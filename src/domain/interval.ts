/**
 * The Wilson score interval for a share: `successes` of `n`, both ends in 0 … 1. `z` is the normal quantile; the
 * default 1.645 gives 90 %. Without observations nothing is known: [0, 1].
 * E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 */
export function wilson(successes: number, n: number, z = 1.645): [number, number] {
  if (n <= 0) return [0, 1];
  const share = successes / n;
  const z2 = z * z;
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** An interval of shares for people, in whole percent: `47–93 %`. */
export function formatInterval([low, high]: readonly [number, number]): string {
  return `${Math.round(low * 100)}–${Math.round(high * 100)} %`;
}
