import type { Deployment } from '../domain/deployment.ts';
import { messageOf } from '../domain/errors.ts';
import { safeText } from '../domain/safe-text.ts';
import type { SideRoutes } from '../domain/failing-routes.ts';
import { candidatePlaces } from '../domain/places.ts';
import { findCulprit } from '../planning/culprit/find-culprit.ts';
import { patience } from './patience.ts';
import type { MetricSource } from '../ports/router.ts';
import { versionOf, type Rollout } from './rollout.ts';

/** How long the traces are looked at, in milliseconds; traffic is back by then, but the environment is still locked. */
const patienceMs = 15_000;

/** The end of each log that is read, in bytes. */
const logBytes = 4 * 1024 * 1024;

/** What a rule took the candidate back for that no error in a log explains; undefined for all else. */
function unexplained({ status, phases, phase }: Deployment): string | undefined {
  if (status.kind !== 'rolling_back' || (status.trigger !== 'rule' && status.trigger !== 'timeout'))
    return undefined;
  const rule = phases[phase]?.decision?.verdict.rule ?? '';
  if (rule.startsWith('latency')) return 'its latency';
  return rule === 'memory' ? 'its memory' : undefined;
}

/**
 * Looks for who is behind a rollback, once traffic is back and while the candidate's traces are still there, and tells
 * the conductor. Never fails and never takes long: what could not be read is part of the answer.
 */
export async function investigate({ ports, deployment: d, effect, signal, post }: Rollout): Promise<void> {
  if (d.kind !== 'deploy' || d.culprit) return;
  const { git, platform, metrics, log } = ports;
  const { signal: inTime, end } = patience(ports.clock, signal, patienceMs, 'it took too long');
  const unread: string[] = [];
  const tried = async <T>(what: string, read: () => Promise<T> | undefined): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      unread.push(safeText(`${what} could not be read: ${messageOf(error)}`, 300));
      return undefined;
    }
  };
  const keys = candidatePlaces(d.plan).map(({ key }) => key);
  const logsOf = async (sha: string) => {
    const read = await Promise.all(keys.map(async (key) => platform.logs?.(key, sha, logBytes)));
    return read.every((logs) => logs === undefined) ? undefined : read.flatMap((logs) => logs ?? []);
  };
  const look = async (): Promise<void> => {
    const candidate = versionOf(d.candidate).sha;
    const stable = d.stable?.sha;
    const [own, before, routes] = await Promise.all([
      tried('its log', () => logsOf(candidate)),
      tried('stable’s log', () => (stable === undefined ? undefined : logsOf(stable))),
      tried('failing routes', () => routesIn(metrics, keys)),
    ]);
    if (own === undefined && unread.length === 0) unread.push('this platform keeps no log that can be read');
    if (routes === undefined) unread.push('the router does not tell routes apart');
    const culprit = await findCulprit({
      git,
      candidate,
      stable,
      features: d.source.features,
      logs: { candidate: own, stable: before ?? [] },
      routes: routes && {
        candidate: routes.get(candidate) ?? { requests: 0, routes: [] },
        stable: stable === undefined ? undefined : routes.get(stable),
      },
      unread,
      unexplained: unexplained(d),
      signal: inTime,
    });
    post({ kind: 'culprit', effect, culprit });
  };
  const late = new Promise<never>((_, reject) => {
    inTime.addEventListener('abort', () => reject(new Error('it took too long')), { once: true });
  });
  try {
    await Promise.race([look(), late]);
  } catch (error) {
    const reason = safeText(`Unknown: its traces could not be read: ${messageOf(error)}`, 300);
    log(reason);
    post({ kind: 'culprit', effect, culprit: { kind: 'unknown', reason, suspects: [], errors: [], unread } });
  } finally {
    end();
  }
}

/** What the routers of all places tell of routes, together; undefined where none tells routes apart. */
async function routesIn(
  metrics: MetricSource,
  keys: readonly string[],
): Promise<Map<string, SideRoutes> | undefined> {
  const read = await Promise.all(keys.map(async (key) => metrics.routes?.(key)));
  const told = read.filter((routes) => routes !== undefined);
  if (told.length === 0) return undefined;
  const all = new Map<string, SideRoutes>();
  for (const [sha, side] of told.flatMap((routes) => [...routes])) {
    const before = all.get(sha);
    all.set(
      sha,
      before
        ? { requests: before.requests + side.requests, routes: [...before.routes, ...side.routes] }
        : side,
    );
  }
  return all;
}
