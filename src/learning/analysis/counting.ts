import type { DeploymentFacts } from '../../domain/deployment-facts.ts';
import type { HistoryRow } from '../../domain/memory.ts';

/** What analysis uses of a row whose facts are known and whose times can be; these in milliseconds since the epoch. */
export interface KnownRow extends Pick<
  HistoryRow,
  'id' | 'environment' | 'kind' | 'outcome' | 'version' | 'strategy' | 'features' | 'startedAt' | 'durationMs'
> {
  facts: DeploymentFacts;
  startMs: number;
  settledMs: number;
}

/** Times that a history can hold: nothing was deployed before clocks began to count, or after 2199. */
const latestMs = Date.UTC(2200, 0, 1);
/** Nothing takes ten years: a clock was set meanwhile. */
const longestMs = 3650 * 86_400_000;

/** A row as analysis needs it; undefined where it lacks its facts, `misdated` where a time of it cannot be. */
export function knownRow(row: HistoryRow): KnownRow | 'misdated' | undefined {
  const { facts } = row;
  if (facts === undefined) return undefined;
  const startMs = Date.parse(row.startedAt);
  const settledMs = Date.parse(facts.settledAt);
  const can = (ms: number) => ms >= 0 && ms < latestMs;
  return can(startMs) &&
    can(settledMs) &&
    (facts.exposedAt === undefined || can(Date.parse(facts.exposedAt))) &&
    row.durationMs >= 0 &&
    row.durationMs <= longestMs
    ? {
        id: row.id,
        environment: row.environment,
        kind: row.kind,
        outcome: row.outcome,
        version: row.version,
        strategy: row.strategy,
        features: row.features,
        startedAt: row.startedAt,
        durationMs: row.durationMs,
        facts,
        startMs,
        settledMs,
      }
    : 'misdated';
}

/** Oldest first. */
export function inOrder(rows: KnownRow[]): KnownRow[] {
  return rows.sort((a, b) => a.startMs - b.startMs);
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
