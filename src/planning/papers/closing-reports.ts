import type { Deployment } from '../../domain/deployment.ts';
import type { Event } from '../../domain/event.ts';
import type { Document } from '../../ports/memory.ts';
import { executionReport } from './execution-report.ts';
import { deploymentReport } from './html/deployment-report.ts';
import { metricsReport } from './metrics-report.ts';
import { deploymentPlan } from './plan/deployment-plan.ts';
import { rollbackReport } from './rollback-report.ts';

/** The papers of a deployment that is over (REQUIREMENTS C7); the same journal gives the same bytes. */
export function closingReports(d: Deployment, events: readonly Event[]): Document[] {
  const wentBack = d.status.kind === 'finished' && d.status.outcome === 'rolled_back';
  return [
    executionReport(d),
    metricsReport(d, events),
    ...(wentBack ? [rollbackReport(d)] : []),
    // One that ended before its papers were written has no plan to keep.
    ...(d.papers ? [deploymentPlan(d)] : []),
    deploymentReport(d, events),
  ];
}
