import type { Scales } from './change-inputs.ts';
import type { MetricShares } from './metric-shares.ts';

/** What the model believes before it has seen a repository: numbers learned from other projects, and nothing else of them. */
export interface ChangePrior {
  /** Share of defective changes. */
  base: number;
  /** How the metrics' logarithms lie. */
  scales: Scales;
  /** How the metrics lie, before a repository's own changes say so. */
  shares: MetricShares;
  /** Turns the scaled metrics so that in other projects they are independent of each other. */
  centre: readonly number[];
  turn: readonly (readonly number[])[];
  /** Coefficients of the paired inputs. */
  paired: readonly number[];
  /** Coefficients of the bent inputs, and the directions in which changes tell of them separately. */
  bent: readonly number[];
  directions: readonly (readonly number[])[];
}
