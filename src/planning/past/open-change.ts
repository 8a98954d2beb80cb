import type { ChangeMetrics } from '../../domain/risk/change-metrics.ts';

/** A change of the last year, of which more may be seen yet. */
export interface OpenChange {
  number: number;
  sha: string;
  /** When it landed, seconds since 1970. */
  at: number;
  metrics: ChangeMetrics;
  /** The probability of a defect that was said when it landed. */
  defect: number;
  /** That judgement is scored: enough was known by then. */
  scored: boolean;
  /** What it counts as by now. */
  counts: 'nothing' | 'good' | 'defective';
  /** That was learned: its time to show a defect is over. */
  learned: boolean;
}
