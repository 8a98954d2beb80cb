import type { ChangeMetrics } from '../../src/domain/risk/change-metrics.ts';

/** A change of a project with what became of it. */
export interface LabelledChange {
  metrics: ChangeMetrics;
  defective: boolean;
}
