import { afterEach, expect, it } from 'vitest';
import { OrchestraError } from '../../src/domain/errors.ts';
import { gatesSettingsSchema } from '../../src/domain/gate-settings.ts';
import type { Event } from '../../src/domain/event.ts';
import { conduct } from '../../src/engine/conductor.ts';
import type { ConductorPorts } from '../../src/engine/ports.ts';
import { requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';
import { Killed, World, candidate, stable } from '../harness/world.ts';

const quick = { bakeMs: 12, extendToMs: 600_000, minimumSample: 50 };
const friday = Date.parse('2026-11-20T10:00:00Z');
const monday = Date.parse('2026-11-23T08:00:00Z');

let world: World;
afterEach(() => world.remove());

/** A clock that a test sets; time goes on from there as it does. */
let offset = 0;
const setTo = (time: number) => {
  offset = time - Date.now();
};
const withClock = (ports: ConductorPorts): ConductorPorts => ({
  ...ports,
  clock: { ...ports.clock, now: () => new Date(Date.now() + offset), runningMs: () => performance.now() },
});

const forMonday = () =>
  requested({
    stable,
    source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
    trigger: { kind: 'schedule' },
    plan: plan({
      measureEveryMs: 4,
      phases: [phase(5, quick), phase(100, quick)],
      gates: {
        settings: gatesSettingsSchema.parse({ 'rollback-plan': { severity: 'off' } }),
        overrides: [],
      },
      start: { kind: 'next-window' },
      schedule: {
        timeZone: 'Europe/Berlin',
        windows: [{ kind: 'days', days: [1, 2, 3, 4], from: 540, to: 960, timeZone: 'Europe/Berlin' }],
        freezes: [],
      },
    }),
  });

/** Follows a journal to the first event that is looked for. */
async function reached(id: string, wanted: (event: Event) => boolean, from = 0): Promise<Event> {
  for await (const event of world.journals.follow(id, from)) if (wanted(event)) return event;
  throw new Error('it never came');
}

const waits = (event: Event) => event.type === 'deployment.waiting' && event.until !== undefined;

it('T6 N4 a rollout that waits for its window survives its conductor, and goes on when the window opens', async () => {
  for (let killAfter = 6; killAfter <= 16; killAfter += 2) {
    world = new World();
    setTo(friday);
    const id = await world.request(forMonday());
    const first = conduct(withClock(world.conductor(killAfter)), id).catch((error: unknown) => {
      // One that lives on gives way to the next.
      if (!(error instanceof Killed || (error instanceof OrchestraError && error.code === 'lock-lost')))
        throw error;
    });
    await Promise.race([first, reached(id, waits)]);
    expect(world.router.weight, 'nobody reaches the candidate').toBe(0);
    // The machine was off over the weekend, where it was not killed before.
    setTo(monday - 1000);
    const second = conduct(withClock(world.conductor()), id);
    const waiting = await reached(id, waits);
    expect(waiting).toMatchObject({ until: '2026-11-23T08:00:00.000Z' });
    setTo(monday);
    await Promise.all([first, second]);
    expect(world.archived?.status, `killed after ${killAfter} events`).toMatchObject({
      outcome: 'succeeded',
    });
    expect(world.serving()).toBe(candidate.sha);
    world.remove();
  }
});

it('T6 a window that was slept through is not used: the next one is', async () => {
  world = new World();
  setTo(friday);
  const id = await world.request(forMonday());
  const running = conduct(withClock(world.conductor()), id);
  const first = await reached(id, waits);
  setTo(monday + 12 * 3_600_000);
  const next = await reached(id, waits, first.seq);
  expect(next).toMatchObject({ until: '2026-11-24T08:00:00.000Z' });
  setTo(monday + 24 * 3_600_000);
  await running;
  expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
});

it('T6 what serves may not have changed while it waited', async () => {
  world = new World();
  setTo(friday);
  const id = await world.request(forMonday());
  const running = conduct(withClock(world.conductor()), id);
  await reached(id, waits);
  world.deployed = 'e'.repeat(40);
  setTo(monday);
  await running;
  expect(world.archived?.status).toMatchObject({
    outcome: 'blocked',
    reason: expect.stringContaining('changed while this deployment waited'),
  });
});
