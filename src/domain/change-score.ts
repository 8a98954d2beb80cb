/** How well single changes were judged: each one before it was learned from, against what became of it. */
export interface ChangeScore {
  /** Changes that were judged and are old enough to have shown their defects. */
  n: number;
  /** Of these, the ones that were taken back or needed a fix. */
  defective: number;
  /** How often a defective change was held to be riskier than a sound one, 0.5 … 1; null where only one kind was seen. */
  auc: number | null;
  /** Mean squared distance between judgement and what came, and that of always saying the base rate. */
  brier: number;
  baseRateBrier: number;
  /** How far judgements are off in the mean, over ten bins by their n, 0 … 1. */
  calibrationError: number;
}
