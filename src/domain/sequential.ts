import { z } from 'zod';

/** What one side did in an interval: requests, and those among them that went wrong. */
export const tallySchema = z.object({
  requests: z.number(),
  /** Requests, or clients, with the event that is compared: an error, an answer slower than a limit. At most `requests`. */
  events: z.number(),
});
export type Tally = z.infer<typeof tallySchema>;

/** Both sides in the same interval, under one weight. */
export interface Interval {
  candidate: Tally;
  stable: Tally;
}

/**
 * How many times as often as stable the candidate might fail, each with its share of the belief beforehand. What is less
 * than 1.25 times as bad is not looked for: there the evidence falls.
 */
const mixture: readonly { ratio: number; share: number }[] = [
  { ratio: 1.25, share: 0.03 },
  { ratio: 1.5, share: 0.07 },
  { ratio: 2, share: 0.22 },
  { ratio: 3, share: 0.15 },
  { ratio: 4.5, share: 0.15 },
  { ratio: 9, share: 0.15 },
  { ratio: 18, share: 0.09 },
  { ratio: 40, share: 0.07 },
  { ratio: 100, share: 0.07 },
];

/** The logarithm (base e) of the likelihood ratio so far, one for each ratio of the mixture. */
export const ratiosSchema = z.array(z.number());
export type Ratios = z.infer<typeof ratiosSchema>;

/** Before anything was seen. */
export function nothingWeighed(): Ratios {
  return mixture.map(() => 0);
}

/**
 * The evidence after one more interval. Given that a request went wrong in it, it was the candidate's with odds
 * r · candidate requests : stable requests, r being 1 when nothing is wrong; the likelihood ratio of each r against 1 is
 * multiplied up. Its expectation is at most 1 when nothing is wrong, whatever the common error rate was in each interval, so
 * changes of weight between intervals and incidents that both sides share cost nothing. That holds for draws without
 * replacement too (Hoeffding 1963, theorem 4). Where only one side had requests, nothing can be compared.
 *
 * M. Lindon, A. Malek, "Anytime-valid inference for multinomial count data", NeurIPS 2022, arXiv 2011.03567.
 */
export function weigh(before: Ratios, { candidate, stable }: Interval): Ratios {
  const ours = within(candidate);
  const events = ours + within(stable);
  if (!(events > 0) || !(candidate.requests > 0) || !(stable.requests > 0)) return before;
  const share = candidate.requests / (candidate.requests + stable.requests);
  return mixture.map(
    ({ ratio }, i) => (before[i] ?? 0) + ours * Math.log(ratio) - events * Math.log1p((ratio - 1) * share),
  );
}

/** The logarithm (base e) of the evidence that the candidate fails more often: the likelihood ratios, mixed. */
export function logEvidence(ratios: Ratios): number {
  return logMean(
    ratios,
    mixture.map(({ share }) => share),
  );
}

/** The logarithm of the mean of what `logs` are the logarithms of, weighted by `shares`, which sum up to 1. */
export function logMean(logs: readonly number[], shares: readonly number[]): number {
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, log, i) => sum + (shares[i] ?? 0) * Math.exp(log - most), 0));
}

/**
 * What the logarithm of the evidence must reach, so that nothing wrong is found wrong, over all looks together, at most
 * with the probability `budget` percent (Ville's inequality). Infinite, never reached, for a budget of 0.
 */
export function logBound(budget: number): number {
  return budget > 0 ? Math.log(100 / budget) : Number.POSITIVE_INFINITY;
}

/** Tallies of two stretches together. */
export function added(one: Tally, other: Tally): Tally {
  return { requests: one.requests + other.requests, events: one.events + within(other) };
}

/** A source that counts more events than requests, or fewer than none, cannot be believed beyond that. */
function within({ events, requests }: Tally): number {
  return Math.max(0, Math.min(events, requests));
}
