import { formatDuration } from '../domain/duration.ts';
import { messageOf } from '../domain/errors.ts';
import { emptyCounts, type Sample } from '../domain/sample.ts';
import { candidatePlaces, firstPlace, saidOf, weightsAt } from '../domain/places.ts';
import type { Version } from '../domain/event.ts';
import type { PlacePlan } from '../domain/plan.ts';
import type { Instance } from '../ports/platform.ts';
import { routerOf, stableIn, versionOf, type Rollout } from './rollout.ts';
/**
 * A reading that took longer says nothing about the candidate: whoever was stopped or asleep meanwhile finds every time-out
 * passed. Each of its questions is answered or given up within two seconds.
 */
const heldUpMs = 10_000;

/** Reads both sides' numbers and the candidate's health in every place that has users, again and again, until it is aborted. */
export async function observe(rollout: Rollout, phase: number): Promise<never> {
  const { plan } = rollout.deployment;
  const weights = weightsAt(plan, phase);
  const places = candidatePlaces(plan).filter(({ key }) => (weights.get(key) ?? 0) > 0);
  const [never] = await Promise.all(places.map((place) => observeIn(rollout, phase, place)));
  if (never === undefined) throw new TypeError(`phase ${phase} moves no place`);
  return never;
}

async function observeIn(rollout: Rollout, phase: number, place: PlacePlan): Promise<never> {
  const { ports, deployment: d, signal, post } = rollout;
  const { key } = place;
  const of = key === firstPlace(d.plan) ? {} : { place: key };
  const version = versionOf(d.candidate);
  const before = stableIn(d, place);
  for (;;) {
    signal.throwIfAborted();
    try {
      await reviveRouter(rollout, place);
      const begun = ports.clock.now();
      const [counts, instances] = await Promise.all([ports.metrics.read(key), ports.platform.running(key)]);
      const stable = before ? counts.get(before.sha) : undefined;
      const instance = instances.find((i) => i.version.sha === version.sha);
      const healthy = instance !== undefined && (await ports.platform.healthy(instance, place.service));
      const memory = instance && (await memoryOf(rollout, instance, instances, before));
      // Asked last: traffic that was taken back meanwhile outweighs whatever else was read.
      const state = await ports.router.read(key);
      if (state.switched?.rollout === d.id) post({ kind: 'dead-man', at: state.switched.at, place: key });
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
          health: { healthy: healthy ? 1 : 0, total: 1 },
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

/** What both sides' processes hold; that it cannot be seen is no reason to stop. */
async function memoryOf(
  { ports }: Rollout,
  candidate: Instance,
  instances: readonly Instance[],
  before: Version | null,
): Promise<Sample['memory']> {
  const stable = instances.find(({ version }) => version.sha === before?.sha);
  const read = async (instance: Instance) => ports.platform.memory?.(instance);
  const [own, its] = await Promise.all([read(candidate), stable && read(stable)]).catch(() => []);
  return own === undefined ? undefined : { candidate: own, ...(its === undefined ? {} : { stable: its }) };
}

/** A router that died is started again with its last routes: users must not wait for the end of the rollout. */
async function reviveRouter({ ports, deployment: d }: Rollout, place: PlacePlan): Promise<void> {
  if (await ports.router.alive(place.key)) return;
  ports.log(saidOf(d.plan, place.key, 'the router is gone: starting it again'));
  await ports.router.ensure(routerOf(d, place));
}
