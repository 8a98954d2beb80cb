/** How well single changes were judged: each one before it was learned what became of it. What cannot be told is absent. */
export interface ChangeScore {
  /** Changes that were judged and are old enough to have shown their defects. */
  n: number;
  /** Of these, the ones that were taken back or needed a fix. */
  defective: number;
  /** How often a defective change was judged worse than a good one, 0 … 1; 0.5 is chance. */
  auc?: number | undefined;
  /** Mean squared distance between judgement and what came, and that of always saying the base rate. */
  brier?: number | undefined;
  baseBrier?: number | undefined;
  /** How far judgements are off in the mean, over ten bins by their n, 0 … 1. */
  calibrationError?: number | undefined;
}
