import { describe, expect, it } from 'vitest';
import { systemClock } from '../../providers/runtime/clock.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { steadyClock } from '../../src/engine/steady-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';
import { World, candidate } from '../harness/world.ts';

const hour = 3_600_000;

/** A machine whose clock somebody sets, while time goes on. */
function machine(start: string) {
  let [wall, running] = [Date.parse(start), 0];
  const clock: Clock = {
    now: () => new Date(wall),
    runningMs: () => running,
    sleep: () => Promise.resolve(),
  };
  return {
    clock,
    pass: (ms: number) => {
      wall += ms;
      running += ms;
    },
    set: (time: string) => {
      wall = Date.parse(time);
    },
  };
}

describe('the clock of a deployment', () => {
  it.each([
    ['an hour on', '2026-10-25T02:30:00.000Z'],
    ['an hour back, as daylight saving time ends', '2026-10-25T00:30:00.000Z'],
    ['to 2020', '2020-01-01T00:00:00.000Z'],
  ])('goes on as time does when the machine’s is set %s', (_, time) => {
    const { clock, pass, set } = machine('2026-10-25T01:30:00.000Z');
    const steady = steadyClock(clock, undefined);
    pass(1000);
    set(time);
    pass(500);
    expect(steady.now().toISOString()).toBe('2026-10-25T01:30:01.500Z');
  });

  it('begins no earlier than the last event, where the clock was set back while no conductor was there', () => {
    const { clock, pass } = machine('2020-01-01T00:00:00.000Z');
    const steady = steadyClock(clock, '2026-10-25T01:30:00.000Z');
    pass(40);
    expect(steady.now().toISOString()).toBe('2026-10-25T01:30:00.040Z');
  });
});

/** A clock that is somewhere else at every look. */
function mad(): Clock {
  const jumps = [0, hour, -hour, Date.parse('2020-01-01') - Date.now(), 25 * hour, -2 * hour];
  let looks = -1;
  return {
    now: () => new Date(Date.now() + (jumps[(looks += 1) % jumps.length] ?? 0)),
    runningMs: () => performance.now(),
    sleep: (ms, signal) => systemClock.sleep(ms, signal),
  };
}

describe('N4 a clock that is set again and again', () => {
  it('ends no phase, pause or deployment too soon, and no time in the journal lies before an earlier one', async () => {
    const world = new World();
    const bakeMs = 400;
    const id = await world.request(
      requested({
        unattended: true,
        source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
        plan: plan({
          measureEveryMs: 20,
          timeoutMs: hour / 2,
          pauseTimeoutMs: hour / 2,
          phases: [50, 100].map((weight) =>
            phase(weight, { bakeMs, extendToMs: hour / 2, minimumSample: 50 }),
          ),
        }),
      }),
    );
    await conduct({ ...world.conductor(), clock: mad() }, id);
    expect(world.archived?.status).toMatchObject({ kind: 'finished', outcome: 'succeeded' });
    const events = await world.journals.read(id);
    const times = events.map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const { weightAt = '', finishedAt = '' } of world.archived?.phases ?? [])
      expect(Date.parse(finishedAt) - Date.parse(weightAt)).toBeGreaterThanOrEqual(bakeMs);
    const { durationMs = -1 } = world.archived?.status.kind === 'finished' ? world.archived.status : {};
    expect(durationMs).toBeGreaterThanOrEqual(2 * bakeMs);
    expect(durationMs).toBeLessThan(hour / 2);
    world.remove();
  });
});
