/**
 * Whether more of so many trials ended badly than a share of them may, or only as many more as chance brings. An exact
 * one-sided binomial test (C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of
 * the binomial", Biometrika 26, 1934): no count is too small for it, and one unlucky request of a few decides nothing.
 */
export type Beyond = { kind: 'kept' } | { kind: 'chance' | 'over'; p: number };

/** How seldom a share that is kept to may be found exceeded. It is looked at once a deployment, so this is no further divided. */
export const significance = 0.01;

/** `events` of `trials` against a share (0 … 1) that may. */
export function beyondShare(events: number, trials: number, share: number): Beyond {
  if (events <= trials * share) return { kind: 'kept' };
  const p = atLeast(events, trials, share);
  return { kind: p <= significance ? 'over' : 'chance', p };
}

/** The probability of `events` or more among `trials`, each with probability `share`. */
export function atLeast(events: number, trials: number, share: number): number {
  if (events <= 0) return 1;
  if (events > trials || share <= 0) return 0;
  if (share >= 1) return 1;
  const odds = share / (1 - share);
  let term = Math.exp(
    logGamma(trials + 1) -
      logGamma(events + 1) -
      logGamma(trials - events + 1) +
      events * Math.log(share) +
      (trials - events) * Math.log1p(-share),
  );
  let sum = 0;
  // Beyond the mean each term is smaller than the one before; before it they rise, and all of them are few.
  for (let k = events; k <= trials; k += 1) {
    sum += term;
    const next = (term * ((trials - k) * odds)) / (k + 1);
    if (next < term && next < sum * 1e-17) break;
    term = next;
  }
  return Math.min(1, sum);
}

/** ln Γ(x) for x ≥ 1, by Stirling's series (NIST DLMF 5.11.1), small arguments raised by Γ(x + 1) = x Γ(x) first. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z += 1) shift -= Math.log(z);
  const r = 1 / (z * z);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r / 1680))) / z;
  return shift + (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series;
}
