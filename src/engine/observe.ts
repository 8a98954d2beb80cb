import { formatDuration } from '../domain/duration.ts';
import type { Deployment } from '../domain/deployment.ts';
import { messageOf } from '../domain/errors.ts';
import { copiesOf } from '../domain/plan.ts';
import { emptyCounts, type Sample } from '../domain/sample.ts';
import type { Instance } from '../ports/platform.ts';
import type { Route } from '../ports/router.ts';
import type { ConductorPorts } from './ports.ts';
import { routerOf, versionOf, type Rollout } from './rollout.ts';

/**
 * A reading that took longer says nothing about the candidate: whoever was stopped or asleep meanwhile finds every time-out
 * passed. Each of its questions is answered or given up within two seconds.
 */
const heldUpMs = 10_000;

/**
 * Reads both sides' numbers and the candidate's health again and again, until it is aborted. While its copies change, `asked` are
 * those that have traffic: the others are only starting.
 */
export async function observe(
  rollout: Rollout,
  phase: number,
  asked: 'all copies' | 'routed copies' = 'all copies',
): Promise<never> {
  const { ports, deployment: d, signal, post } = rollout;
  const version = versionOf(d.candidate);
  const wanted = d.phases[phase]?.scale?.candidate ?? copiesOf(d.plan.service);
  for (;;) {
    signal.throwIfAborted();
    try {
      await reviveRouter(rollout);
      const begun = ports.clock.now();
      const [counts, instances] = await Promise.all([
        ports.metrics.read(d.environment),
        ports.platform.running(d.environment),
      ]);
      const stable = d.stable ? counts.get(d.stable.sha) : undefined;
      const routed =
        asked === 'all copies' ? undefined : portsOf((await ports.router.read(d.environment)).candidate);
      const copies = instances.filter(
        (i) => i.version.sha === version.sha && (routed?.includes(i.port) ?? true),
      );
      const healthy = await healthyAmong(ports, d, copies);
      const memory = await memoryOf(rollout, copies, instances);
      // Asked last: traffic that was taken back meanwhile outweighs whatever else was read.
      const state = await ports.router.read(d.environment);
      if (state.switched?.rollout === d.id) post({ kind: 'dead-man', at: state.switched.at });
      const at = ports.clock.now();
      const tookMs = at.getTime() - begun.getTime();
      if (tookMs > heldUpMs) throw new Error(`reading the numbers took ${formatDuration(tookMs)}`);
      post({
        kind: 'sample',
        phase,
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
      post({ kind: 'sample-failed', phase, reason: messageOf(error) });
    }
    await ports.clock.sleep(d.plan.measureEveryMs, signal);
  }
}

function portsOf(route: Route | null): number[] {
  return route ? [route, ...(route.others ?? [])].map(({ port }) => port) : [];
}

/** How many of these copies answer their health check now. */
export async function healthyAmong(
  ports: ConductorPorts,
  d: Deployment,
  copies: readonly Instance[],
): Promise<number> {
  const answers = await Promise.all(copies.map((copy) => ports.platform.healthy(copy, d.plan.service)));
  return answers.filter(Boolean).length;
}

/** What the largest process group of each side holds; that it cannot be seen is no reason to stop. */
async function memoryOf(
  { ports, deployment: d }: Rollout,
  candidate: readonly Instance[],
  instances: readonly Instance[],
): Promise<Sample['memory']> {
  const read = async (copies: readonly Instance[]) => {
    const held = await Promise.all(copies.map(async (copy) => ports.platform.memory?.(copy)));
    const known = held.filter((bytes) => bytes !== undefined);
    return known.length > 0 ? Math.max(...known) : undefined;
  };
  const stable = instances.filter(({ version }) => version.sha === d.stable?.sha);
  const [own, its] = await Promise.all([read(candidate), read(stable)]).catch(() => []);
  return own === undefined ? undefined : { candidate: own, ...(its === undefined ? {} : { stable: its }) };
}

/** A router that died is started again with its last routes: users must not wait for the end of the rollout. */
async function reviveRouter({ ports, deployment: d }: Rollout): Promise<void> {
  if (await ports.router.alive(d.environment)) return;
  ports.log('the router is gone: starting it again');
  await ports.router.ensure(routerOf(d));
}
