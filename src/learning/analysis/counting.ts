import type { DeploymentFacts } from '../../domain/deployment-facts.ts';
import type { HistoryRow } from '../../domain/memory.ts';

/** A row whose facts are known. */
export type KnownRow = HistoryRow & { facts: DeploymentFacts };

/** The rows with facts, oldest first. */
export function knownRows(rows: readonly HistoryRow[]): KnownRow[] {
  return rows
    .filter((row): row is KnownRow => row.facts !== undefined)
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
}

/** Deployments that say how their changes fare in production: what every success rate is made of. */
export function countedRows(rows: readonly KnownRow[]): KnownRow[] {
  return rows.filter(({ facts }) => facts.says === 'success' || facts.says === 'failure');
}

export const succeeded = ({ facts }: KnownRow): boolean => facts.says === 'success';

/** New deployments (no returns to earlier versions) whose candidate had users. */
export function exposedRows(rows: readonly KnownRow[]): KnownRow[] {
  return rows.filter(({ kind, facts }) => kind === 'deploy' && facts.exposedAt !== undefined);
}

/** What became of a deployment that failed its users: until when they were served well again, if they are. */
export interface Restored {
  /** From when: users met what failed, or, where that showed only later, a person asked to go back. */
  since: string;
  until: string | undefined;
}

/**
 * The deployments that failed their users (docs/analysis.md): taken back with users on it; left halted for a person; or
 * succeeded, and left again later for an earlier version. `rows` of one environment, oldest first; by id.
 */
export function failuresOf(rows: readonly KnownRow[]): Map<string, Restored> {
  const failures = new Map<string, Restored>();
  /** The deployment whose version serves. */
  let serving: KnownRow | undefined;
  /** A halted one, until something succeeds. */
  let halted: string | undefined;
  for (const row of rows) {
    const { facts } = row;
    if (row.outcome === 'halted' && facts.exposedAt !== undefined) {
      failures.set(row.id, { since: facts.exposedAt, until: undefined });
      halted = row.id;
      continue;
    }
    if (row.outcome !== 'succeeded') {
      if (facts.says === 'failure' && row.kind === 'deploy' && facts.exposedAt !== undefined)
        failures.set(row.id, { since: facts.exposedAt, until: facts.settledAt });
      continue;
    }
    const open = halted === undefined ? undefined : failures.get(halted);
    if (halted !== undefined && open) failures.set(halted, { ...open, until: facts.settledAt });
    halted = undefined;
    if (row.kind === 'rollback' && serving?.kind === 'deploy' && row.version !== serving.version)
      failures.set(serving.id, { since: row.startedAt, until: facts.settledAt });
    serving = row;
  }
  return failures;
}
