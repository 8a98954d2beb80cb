import { messageOf } from '../domain/errors.ts';
import { emptyCounts } from '../domain/sample.ts';
import { routerOf, versionOf, type Rollout } from './rollout.ts';

/** Reads both sides' numbers and the candidate's health again and again, until it is aborted. */
export async function observe(rollout: Rollout, phase: number): Promise<never> {
  const { ports, deployment: d, signal, post } = rollout;
  const version = versionOf(d.candidate);
  for (;;) {
    signal.throwIfAborted();
    try {
      await reviveRouter(rollout);
      const [counts, state, instances] = await Promise.all([
        ports.metrics.read(d.environment),
        ports.router.read(d.environment),
        ports.platform.running(d.environment),
      ]);
      if (state.switched?.rollout === d.id) post({ kind: 'dead-man', at: state.switched.at });
      const instance = instances.find((i) => i.version.sha === version.sha);
      const healthy = instance !== undefined && (await ports.platform.healthy(instance, d.plan.service));
      const stable = d.stable ? counts.get(d.stable.sha) : undefined;
      post({
        kind: 'sample',
        phase,
        sample: {
          at: ports.clock.now().toISOString(),
          weight: state.candidate?.version.sha === version.sha ? state.weight : 0,
          ...(stable ? { stable } : {}),
          candidate: counts.get(version.sha) ?? emptyCounts(),
          health: { healthy: healthy ? 1 : 0, total: 1 },
        },
      });
    } catch (error) {
      if (signal.aborted) throw error;
      post({ kind: 'sample-failed', phase, reason: messageOf(error) });
    }
    await ports.clock.sleep(d.plan.measureEveryMs, signal);
  }
}

/** A router that died is started again with its last routes: users must not wait for the end of the rollout. */
async function reviveRouter({ ports, deployment: d }: Rollout): Promise<void> {
  if (await ports.router.alive(d.environment)) return;
  ports.log('the router is gone: starting it again');
  await ports.router.ensure(routerOf(d));
}
