import type { Dora } from '../../domain/analysis.ts';
import { exposedRows, failuresOf, type KnownRow } from './counting.ts';
import { medianOf, poissonOf, shareOf } from './intervals.ts';

const dayMs = 86_400_000;
/** The metrics are about how things go now: a quarter of a year, or less where the history is younger. */
const windowDays = 90;

/** The environment they are about where none is named: production, else the one deployed to most often. */
function chiefEnvironment(rows: readonly KnownRow[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { environment } of rows) counts.set(environment, (counts.get(environment) ?? 0) + 1);
  if (counts.has('production')) return 'production';
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0];
}

/** The four DORA metrics (dora.dev, 2019 definitions) from rows, oldest first; `now` in milliseconds. */
export function doraOf(rows: readonly KnownRow[], environment: string | undefined, now: number): Dora {
  const name = environment ?? chiefEnvironment(rows);
  const all = rows.filter((row) => row.environment === name);
  const first = all[0]?.startMs ?? now;
  const from = Math.min(now, Math.max(first, now - windowDays * dayMs));
  const days = (now - from) / dayMs;
  // What ends later than a day from now was told by a clock that ran ahead.
  const inside = all.filter(({ settledMs }) => settledMs >= from && settledMs <= now + dayMs);
  const successes = inside.filter(({ kind, outcome }) => kind === 'deploy' && outcome === 'succeeded');
  const failures = failuresOf(all);
  const exposed = exposedRows(inside).filter(
    ({ facts, outcome }) => facts.says !== 'nothing' || outcome === 'halted',
  );
  const restored = exposed.flatMap(({ id }) => {
    const failure = failures.get(id);
    return failure?.until === undefined ? [] : [Date.parse(failure.until) - Date.parse(failure.since)];
  });
  const n = successes.length;
  const weeks = days / 7;
  const [low, high] = poissonOf(n);
  return {
    environment: name ?? null,
    window: { from: new Date(from).toISOString(), to: new Date(now).toISOString(), days },
    deploymentFrequency:
      weeks < 1
        ? { n, perWeek: null, interval: null }
        : { n, perWeek: n / weeks, interval: [low / weeks, high / weeks] },
    leadTime: medianOf(leadTimes(all, new Set(successes))),
    changeFailureRate: shareOf(exposed.filter(({ id }) => failures.has(id)).length, exposed.length),
    timeToRestore: medianOf(restored.filter((ms) => ms >= 0)),
  };
}

/** From each feature's first commit until it first served everybody; `counted` are the deployments of the window. */
function leadTimes(rows: readonly KnownRow[], counted: ReadonlySet<KnownRow>): number[] {
  const shipped = new Set<string>();
  return rows.flatMap((row) => {
    if (row.kind !== 'deploy' || row.outcome !== 'succeeded') return [];
    return row.features.flatMap(({ id }, i) => {
      const written = row.facts.written[i];
      if (shipped.has(id)) return [];
      shipped.add(id);
      if (!counted.has(row) || written === null || written === undefined) return [];
      const ms = row.settledMs - Date.parse(written);
      // A commit from the future says that a clock was wrong, and nothing of how long it took.
      return ms >= 0 ? [ms] : [];
    });
  });
}
