import { formatDuration } from '../domain/duration.ts';
import { messageOf } from '../domain/errors.ts';
import { emptyCounts, type Sample } from '../domain/sample.ts';
import type { Instance } from '../ports/platform.ts';
import { routerOf, versionOf, type Rollout } from './rollout.ts';

/**
 * A reading that took longer says nothing about the candidate: whoever was stopped or asleep meanwhile finds every time-out
 * passed. Each of its questions is answered or given up within two seconds.
 */
const heldUpMs = 10_000;

/** Reads both sides' numbers and the candidate's health again and again, until it is aborted. */
export async function observe(rollout: Rollout, phase: number): Promise<never> {
  const { ports, deployment: d, signal, post } = rollout;
  const version = versionOf(d.candidate);
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
      const instance = instances.find((i) => i.version.sha === version.sha);
      const healthy = instance !== undefined && (await ports.platform.healthy(instance, d.plan.service));
      const memory = instance && (await memoryOf(rollout, instance, instances));
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
          health: { healthy: healthy ? 1 : 0, total: 1 },
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

/** What both sides' processes hold; that it cannot be seen is no reason to stop. */
async function memoryOf(
  { ports, deployment: d }: Rollout,
  candidate: Instance,
  instances: readonly Instance[],
): Promise<Sample['memory']> {
  const stable = instances.find(({ version }) => version.sha === d.stable?.sha);
  const read = async (instance: Instance) => ports.platform.memory?.(instance);
  const [own, its] = await Promise.all([read(candidate), stable && read(stable)]).catch(() => []);
  return own === undefined ? undefined : { candidate: own, ...(its === undefined ? {} : { stable: its }) };
}

/** A router that died is started again with its last routes: users must not wait for the end of the rollout. */
async function reviveRouter({ ports, deployment: d }: Rollout): Promise<void> {
  if (await ports.router.alive(d.environment)) return;
  ports.log('the router is gone: starting it again');
  await ports.router.ensure(routerOf(d));
}
