import type { Deployment } from './deployment.ts';
import { factsOf } from './deployment-facts.ts';
import type { HistoryRow } from './memory.ts';

/** The history table's line for a finished deployment; undefined while it is not finished. */
export function historyRowOf(deployment: Deployment): HistoryRow | undefined {
  const { status, candidate, stable } = deployment;
  if (status.kind !== 'finished') return undefined;
  const facts = factsOf(deployment);
  const tried = candidate.kind === 'none' ? null : candidate.version.name;
  return {
    id: deployment.id,
    environment: deployment.environment,
    kind: deployment.kind,
    outcome: status.outcome,
    reason: status.reason,
    version: candidate.kind === 'promoted' && !deployment.restored ? tried : (stable?.name ?? null),
    candidate: tried,
    strategy: deployment.plan.strategy,
    features: deployment.source.features.map(({ id, title }) => ({ id, title })),
    by: deployment.by.name,
    startedAt: deployment.requestedAt,
    durationMs: status.durationMs,
    ...(deployment.emergency ? { emergency: deployment.emergency.why } : {}),
    ...(deployment.links && deployment.links.length > 0
      ? { links: deployment.links.map(({ id }) => id) }
      : {}),
    ...(deployment.restOf ? { restOf: deployment.restOf.deployment } : {}),
    ...(facts ? { facts } : {}),
  };
}
