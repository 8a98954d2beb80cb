import type { DeploymentFacts } from '../../src/domain/deployment-facts.ts';
import type { HistoryRow } from '../../src/domain/memory.ts';
import { inOrder, knownRow, type KnownRow } from '../../src/learning/analysis/counting.ts';

/** Rows as the analysis reads them, oldest first; those it cannot read are left out. */
export function readPast(rows: readonly HistoryRow[]): KnownRow[] {
  return inOrder(rows.map(knownRow).filter((row) => typeof row === 'object'));
}

interface Over extends Partial<Omit<HistoryRow, 'facts'>> {
  facts?: Partial<DeploymentFacts>;
}

/** A deployment that succeeded on `day` (and, where given, at a time of it), with all that analysis wants; `over` differs. */
export function pastRow(when: string, { facts = {}, ...over }: Over = {}): HistoryRow {
  const startedAt = when.includes('T') ? when : `${when}T09:00:00.000Z`;
  const durationMs = over.durationMs ?? 600_000;
  const id = over.id ?? startedAt.replaceAll(/[-:]|\.\d+Z/g, '').replace('T', '_');
  const settledAt = new Date(Date.parse(startedAt) + durationMs).toISOString();
  const features = over.features ?? [{ id: `f-${id}`, title: `feat: ${id}` }];
  const outcome = over.outcome ?? 'succeeded';
  return {
    id,
    environment: 'production',
    kind: 'deploy',
    outcome,
    reason: 'every phase passed',
    version: `release/${id}`,
    candidate: `release/${id}`,
    strategy: 'canary',
    features,
    by: 'Ada',
    startedAt,
    durationMs,
    ...over,
    facts: {
      says: outcome === 'succeeded' ? 'success' : outcome === 'rolled_back' ? 'failure' : 'nothing',
      settledAt,
      ...(outcome === 'blocked' ? {} : { exposedAt: new Date(Date.parse(startedAt) + 60_000).toISOString() }),
      probability: 0.9,
      types: ['feature'],
      lines: 40,
      flags: [],
      written: features.map(() => new Date(Date.parse(startedAt) - 86_400_000).toISOString()),
      ...facts,
    },
  };
}

/** The day `n` days after 2026-01-05, a Monday. */
export function dayOf(n: number): string {
  return new Date(Date.UTC(2026, 0, 5 + n)).toISOString().slice(0, 10);
}
