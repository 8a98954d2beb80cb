import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../src/domain/check.ts';
import { conduct } from '../../../src/engine/conductor.ts';
import { runChecks } from '../../../src/engine/doctor/doctor.ts';
import { runningChecks } from '../../../src/engine/doctor/running-checks.ts';
import type { Present } from '../../../src/ports/presence.ts';
import { requested } from '../../harness/deployment-events.ts';
import { phase, plan } from '../../harness/plan.ts';
import { Killed, stable, World } from '../../harness/world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.remove());

const bakes = { bakeMs: 10_000, extendToMs: 20_000 };

/** A deployment with 5 % on the candidate, whose conductor has not been heard of for so long. */
async function silentFor(silentMs: number): Promise<{ id: string; pid: number; deployments: CheckResult }> {
  const id = await world.request(
    requested({ stable, plan: plan({ measureEveryMs: 4, phases: [phase(5, bakes), phase(100, bakes)] }) }),
  );
  await expect(conduct(world.conductor(20), id)).rejects.toThrow(Killed);
  const process = (await world.lock.read('production'))?.conductor;
  if (!process) throw new Error('no conductor holds the lock');
  const present: Present = {
    deployment: id,
    role: 'conducts',
    process,
    by: { name: 'conductor', face: 'conductor' },
    since: '2026-01-01T00:00:00.000Z',
    silentMs,
  };
  const conductor = world.conductor();
  const [deployments] = await runChecks(
    runningChecks(
      {
        ...conductor,
        lock: world.lock,
        processes: { self: () => process, isAlive: () => true },
        presence: { ...conductor.presence, present: async () => [present] },
      },
      async () => ['production'],
    ),
  );
  if (!deployments) throw new Error('nothing was checked');
  return { id, pid: process.pid, deployments };
}

describe('W4 what runs', () => {
  it('is well while its conductor gives signs of life', async () => {
    const { id, pid, deployments } = await silentFor(1000);
    expect(deployments).toMatchObject({
      status: 'passed',
      detail: `${id} in production is running, conducted by process ${pid}`,
    });
  });

  it('W5 fails where its conductor is stopped or hangs, with the ways out of `status`', async () => {
    const { pid, deployments } = await silentFor(12_000);
    expect(deployments.status).toBe('failed');
    expect(deployments.detail).toContain('no sign of life for 12 s');
    expect(deployments.detail).not.toContain('given all traffic back');
    expect(deployments.fix).toContain(`\`kill -CONT ${pid}\``);
    expect(deployments.fix).toContain('`orchestrate deploy abort --force --env production`');
  });

  it('W5 says that the router may have been faster than what is on record', async () => {
    const { deployments } = await silentFor(16_000);
    expect(deployments.detail).toContain(`given all traffic back to ${stable.name}`);
  });
});
