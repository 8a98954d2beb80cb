import { formatDuration } from '../domain/duration.ts';
import { messageOf } from '../domain/errors.ts';
import { candidateCopies } from '../domain/place-copies.ts';
import { emptyCounts, type Sample } from '../domain/sample.ts';
import { candidatePlaces, firstPlace, saidOf, weightsAt } from '../domain/places.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Version } from '../domain/event.ts';
import type { PlacePlan } from '../domain/plan.ts';
import type { Instance } from '../ports/platform.ts';
import type { Route } from '../ports/router.ts';
import type { ConductorPorts } from './ports.ts';
import { routerOf, stableIn, versionOf, type Rollout } from './rollout.ts';

/**
 * A reading that took longer says nothing about the candidate: whoever was stopped or asleep meanwhile finds every time-out
 * passed. Each of its questions is answered or given up within two seconds.
 */
const heldUpMs = 10_000;

/** Readings in a row without any copy of the candidate before it counts as gone: one may fall between a start and its record. */
const goneReadings = 2;

/** Which of the candidate's copies are asked: while they change, only those that have traffic; the others are starting. */
type Asked = 'all copies' | 'routed copies';

/** Reads both sides' numbers and the candidate's health in every place that has users, again and again, until it is aborted. */
export async function observe(rollout: Rollout, phase: number, asked: Asked = 'all copies'): Promise<never> {
  const { plan } = rollout.deployment;
  const weights = weightsAt(plan, phase);
  const places = candidatePlaces(plan).filter(({ key }) => (weights.get(key) ?? 0) > 0);
  const [never] = await Promise.all(places.map((place) => observeIn(rollout, phase, place, asked)));
  if (never === undefined) throw new TypeError(`phase ${phase} moves no place`);
  return never;
}

async function observeIn(rollout: Rollout, phase: number, place: PlacePlan, asked: Asked): Promise<never> {
  const { ports, deployment: d, signal, post } = rollout;
  const { key } = place;
  const of = key === firstPlace(d.plan) ? {} : { place: key };
  const version = versionOf(d.candidate);
  const before = stableIn(d, place);
  const wanted = candidateCopies(d.plan, d.phases[phase], place);
  let gone = 0;
  for (;;) {
    signal.throwIfAborted();
    try {
      await reviveRouter(rollout, place);
      const begun = ports.clock.now();
      const [counts, instances] = await Promise.all([ports.metrics.read(key), ports.platform.running(key)]);
      const stable = before ? counts.get(before.sha) : undefined;
      const routed = asked === 'all copies' ? undefined : portsOf((await ports.router.read(key)).candidate);
      const copies = instances.filter(
        (i) => i.version.sha === version.sha && (routed?.includes(i.port) ?? true),
      );
      const healthy = await healthyAmong(ports, place, copies);
      const memory = await memoryOf(rollout, copies, instances, before);
      // Asked last: traffic that was taken back meanwhile outweighs whatever else was read.
      const state = await ports.router.read(key);
      if (state.switched?.rollout === d.id) post({ kind: 'dead-man', at: state.switched.at, place: key });
      if (asked === 'all copies') {
        gone = copies.length === 0 ? gone + 1 : 0;
        if (gone >= goneReadings) post({ kind: 'candidate-gone', detail: endedText(d, key, version) });
        if (before && hasLost(state.stable, before, instances))
          post({ kind: 'stable-lost', detail: endedText(d, key, before) });
      }
      const at = ports.clock.now();
      const tookMs = at.getTime() - begun.getTime();
      if (tookMs > heldUpMs) throw new Error(`reading the numbers took ${formatDuration(tookMs)}`);
      post({
        kind: 'sample',
        phase,
        ...of,
        sample: {
          at: at.toISOString(),
          weight: state.candidate?.version.sha === version.sha ? state.weight : 0,
          ...(stable ? { stable } : {}),
          candidate: counts.get(version.sha) ?? emptyCounts(),
          // A copy that died is no longer among those that run, and missed all the same.
          health: { healthy, total: Math.max(routed?.length ?? wanted, copies.length) },
          ...(memory ? { memory } : {}),
        },
      });
    } catch (error) {
      if (signal.aborted) throw error;
      post({ kind: 'sample-failed', phase, ...of, reason: messageOf(error) });
    }
    await ports.clock.sleep(d.plan.measureEveryMs, signal);
  }
}

/** What is said where a version's process ended by itself. */
function endedText(d: Deployment, key: string, { name }: Version): string {
  return saidOf(d.plan, key, `the process of ${name} is not running any more`);
}

/** Whether a copy of stable that the router sends users to does not run. */
function hasLost(routed: Route | null, before: Version, instances: readonly Instance[]): boolean {
  if (routed?.version.sha !== before.sha) return false;
  const running = instances.filter(({ version }) => version.sha === before.sha).map(({ port }) => port);
  return portsOf(routed).some((port) => !running.includes(port));
}

function portsOf(route: Route | null): number[] {
  return route ? [route, ...(route.others ?? [])].map(({ port }) => port) : [];
}

/** How many of these copies answer their health check now. */
export async function healthyAmong(
  ports: ConductorPorts,
  { service }: Pick<PlacePlan, 'service'>,
  copies: readonly Instance[],
): Promise<number> {
  const answers = await Promise.all(copies.map((copy) => ports.platform.healthy(copy, service)));
  return answers.filter(Boolean).length;
}

/** What the largest process group of each side holds; that it cannot be seen is no reason to stop. */
async function memoryOf(
  { ports }: Rollout,
  candidate: readonly Instance[],
  instances: readonly Instance[],
  before: Version | null,
): Promise<Sample['memory']> {
  const read = async (copies: readonly Instance[]) => {
    const held = await Promise.all(copies.map(async (copy) => ports.platform.memory?.(copy)));
    const known = held.filter((bytes) => bytes !== undefined);
    return known.length > 0 ? Math.max(...known) : undefined;
  };
  const stable = instances.filter(({ version }) => version.sha === before?.sha);
  const [own, its] = await Promise.all([read(candidate), read(stable)]).catch(() => []);
  return own === undefined ? undefined : { candidate: own, ...(its === undefined ? {} : { stable: its }) };
}

/** A router that died is started again with its last routes: users must not wait for the end of the rollout. */
async function reviveRouter({ ports, deployment: d, post }: Rollout, place: PlacePlan): Promise<void> {
  if (await ports.router.alive(place.key)) return;
  ports.log(saidOf(d.plan, place.key, 'the router is gone: starting it again'));
  await ports.router.ensure(routerOf(d, place));
  const detail = 'the router was gone and is started again; users were refused meanwhile';
  post({ kind: 'router-revived', detail: saidOf(d.plan, place.key, detail) });
}
