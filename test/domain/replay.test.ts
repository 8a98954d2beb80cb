import { describe, expect, it } from 'vitest';
import { conduct } from '../../src/engine/conductor.ts';
import { replay, type ReplayMoment } from '../../src/domain/replay.ts';
import type { Event } from '../../src/domain/event.ts';
import type { MeasurePlan } from '../../src/domain/measure.ts';
import type { Triggers } from '../../src/domain/plan.ts';
import { requested } from '../harness/deployment-events.ts';
import { measure } from '../harness/measure.ts';
import { phase, plan } from '../harness/plan.ts';
import { World, candidate, stable } from '../harness/world.ts';

const quick = { bakeMs: 30, extendToMs: 2000, minimumSample: 50 };
const { triggers } = plan();

/** The journal of a deployment that really ran, in a world made so. */
async function journalOf(prepare: (world: World) => void, ...measures: MeasurePlan[]): Promise<Event[]> {
  const world = new World();
  try {
    prepare(world);
    const first = requested({
      stable,
      source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
      plan: plan({
        measureEveryMs: 4,
        phases: [phase(5, quick), phase(100, quick)],
        ...(measures.length > 0 ? { measures } : {}),
      }),
    });
    const id = await world.request(first);
    await conduct(world.conductor(), id);
    return await world.journals.read(id);
  } finally {
    world.remove();
  }
}

const kinds = (moments: ReplayMoment[]) => moments.map(({ kind }) => kind);
const again = (events: Event[], change: Partial<Triggers> = {}, measures?: MeasurePlan[]) =>
  replay(events, { triggers: { ...triggers, ...change }, measures });

const orders = measure({
  compare: 'baseline',
  max: undefined,
  maxDrop: 10,
  business: true,
  intervalMs: 10,
  forMs: 40,
});
const down = (world: World) => {
  world.measured = () => (world.router.weight > 0 ? 80 : 100);
};

describe('a deployment judged again', () => {
  it.each<[string, (world: World) => void, MeasurePlan[]]>([
    ['goes well', () => undefined, []],
    ['fails', (world) => void (world.errors = 0.2), []],
    ['has a business metric that drops', down, [orders]],
    ['has a measure on trial', down, [{ ...orders, dryRun: true }]],
  ])('with the thresholds it had decides as it did, when it %s', async (_, prepare, measures) => {
    const events = await journalOf(prepare, ...measures);
    const result = again(events);
    expect(result.differs, JSON.stringify(result)).toBe(false);
    expect(result.would.outcome).toBe(result.was.outcome);
    expect(result.phases.some(({ was }) => was.length > 0)).toBe(true);
    for (const { was, would } of result.phases) expect(would).toEqual(was);
  });

  it('says when and why stricter thresholds would have taken it back', async () => {
    const events = await journalOf((world) => {
      world.errors = 0.008;
    });
    expect(again(events).would.outcome).toBe('succeeded');
    const strict = again(events, { immediateErrorRate: 0.5 });
    expect(strict).toMatchObject({
      differs: true,
      would: { outcome: 'rolled_back', reason: expect.stringMatching(/canary 5 %, after .*over the 0\.5 %/) },
    });
    expect(kinds(strict.phases[0]?.would ?? [])).toEqual(['roll_back']);
  });

  it('says what looser thresholds would have let through, as far as the readings go', async () => {
    const events = await journalOf((world) => {
      world.errors = 0.2;
    });
    const loose = again(events, { immediateErrorRate: 50, errorRate: 50, falseRollbackBudget: 0 });
    expect(loose.was.outcome).toBe('rolled_back');
    expect(loose.would).toMatchObject({
      outcome: 'undecided',
      reason: expect.stringMatching(/readings end/),
    });
    expect(loose.differs).toBe(true);
  });

  it('judges measures by other limits', async () => {
    const events = await journalOf(down, orders);
    const sooner = again(events, {}, [{ ...orders, forMs: 15 }]);
    expect(sooner.would).toMatchObject({
      outcome: 'rolled_back',
      reason: expect.stringMatching(/orders: 80 against its baseline 100/),
    });
    expect(kinds(sooner.phases[0]?.would ?? [])).toEqual(['pause', 'roll_back']);
    const looser = again(events, {}, [{ ...orders, maxDrop: 30 }]);
    expect(looser.would.outcome).toBe('undecided');
  });

  it('judges a measure on trial as if it had counted', async () => {
    const trial = { ...orders, dryRun: true, intervalMs: 2 };
    const events = await journalOf(down, trial);
    expect(again(events).would.outcome).toBe('succeeded');
    const counted = again(events, {}, [{ ...trial, dryRun: false, forMs: 0 }]);
    expect(counted.would.outcome).toBe('rolled_back');
  });

  it('leaves out a measure that was not read then, and says so', async () => {
    const events = await journalOf(() => undefined);
    const result = again(events, {}, [orders]);
    expect(result.would.outcome).toBe('succeeded');
    expect(result.notes).toEqual(['orders was not read in this deployment: it is left out']);
  });

  it('changes nothing of the journal it reads', async () => {
    const events = await journalOf(down, orders);
    const before = JSON.stringify(events);
    again(events, { minimumSample: 1 });
    expect(JSON.stringify(events)).toBe(before);
  });
});
