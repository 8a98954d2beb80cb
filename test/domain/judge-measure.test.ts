import { describe, expect, it } from 'vitest';
import { decide } from '../../src/domain/decide.ts';
import {
  measureReadingSchema,
  type MeasurePlan,
  type MeasureReading,
  type SideReading,
} from '../../src/domain/measure.ts';
import { judgeReading } from '../../src/domain/measure-verdict.ts';
import { Fold, at, readings, requested } from '../harness/deployment-events.ts';
import { measure } from '../harness/measure.ts';
import { phase, plan } from '../harness/plan.ts';

const value = (n: number): SideReading => ({ kind: 'value', value: n, at: at(0) });
const nothing: SideReading = { kind: 'no-data', reason: 'nothing to count' };
const broken: SideReading = { kind: 'error', reason: 'connection refused' };

const drop = measure({ compare: 'baseline', maxDrop: 10, max: undefined, business: true, forMs: 300_000 });
const rise = measure({ compare: 'candidate-vs-stable', maxIncrease: 50, max: undefined });

describe('one look at a measure', () => {
  const look = (candidate: SideReading, stable?: SideReading): MeasureReading => ({
    measure: 'orders',
    at: at(0),
    candidate,
    ...(stable ? { stable } : {}),
  });

  it.each<[string, MeasurePlan, MeasureReading, SideReading | undefined, string, RegExp]>([
    ['a bound kept', measure({ max: 10 }), look(value(10)), undefined, 'passed', /10 is within/],
    ['a bound broken', measure({ max: 10 }), look(value(10.1)), undefined, 'failed', /10\.1 is over 10/],
    [
      'a lower bound broken',
      measure({ max: undefined, min: 3 }),
      look(value(2)),
      undefined,
      'failed',
      /under 3/,
    ],
    ['no data', measure(), look(nothing), undefined, 'inconclusive', /no data: nothing to count/],
    ['an error', measure(), look(broken), undefined, 'error', /connection refused/],
    ['a drop of 10 %', drop, look(value(90)), value(100), 'passed', /−10 %/],
    ['a drop of more', drop, look(value(89)), value(100), 'failed', /−11 %, more than 10 % down/],
    ['no baseline', drop, look(value(89)), undefined, 'inconclusive', /no data for its baseline/],
    ['a baseline that failed', drop, look(value(89)), broken, 'error', /its baseline: connection refused/],
    ['a baseline of nothing', drop, look(value(0)), value(0), 'inconclusive', /baseline is 0/],
    ['stable beside it', rise, look(value(15), value(10)), undefined, 'passed', /\+50 %/],
    ['worse than stable', rise, look(value(16), value(10)), undefined, 'failed', /\+60 %/],
    [
      'a rise of just as much',
      { ...rise, maxIncrease: 10 },
      look(value(110), value(100)),
      undefined,
      'passed',
      /\+10 %/,
    ],
    ['stable without data', rise, look(value(1), nothing), undefined, 'inconclusive', /stable’s/],
    ['both at nothing', rise, look(value(0), value(0)), undefined, 'passed', /0/],
    ['errors where stable has none', rise, look(value(1), value(0)), undefined, 'failed', /of 0/],
  ])('G4 %s', (_, plan, reading, baseline, kind, reason) => {
    const verdict = judgeReading(plan, reading, baseline);
    expect(verdict).toMatchObject({ kind, rule: 'measure:orders', reason: expect.stringMatching(reason) });
  });
});

/** A rollout in its first phase, a minute long, which has the measures and has been watched since second 0. */
class Watched {
  readonly fold: Fold;
  readonly types: string[] = [];

  constructor(measures: MeasurePlan[], baseline?: SideReading) {
    this.fold = new Fold(
      requested({ plan: plan({ measures, phases: [phase(5, { extendToMs: 180_000 }), phase(100)] }) }),
    ).add({ type: 'phase.started', phase: 0, name: 'canary 5 %', weight: 5 });
    if (baseline) this.read('orders', undefined, 0, { baseline: true, stable: baseline });
    this.fold.add({ type: 'weight.set', effect: 'e', phase: 0, wanted: 5, actual: 5 });
    this.fold.d = {
      ...this.fold.d,
      phases: this.fold.d.phases.map((p, i) => (i === 0 ? { ...p, weightAt: at(0) } : p)),
    };
  }

  read(
    name: string,
    candidate: SideReading | undefined,
    seconds: number,
    more: Partial<MeasureReading> = {},
  ) {
    const reading = measureReadingSchema.parse({ measure: name, at: at(seconds), candidate, ...more });
    return this.#take({ kind: 'measure', phase: 0, reading });
  }

  /** The router's numbers at the end of `seconds`, with nothing wrong. */
  sample(seconds: number) {
    for (const sample of readings(seconds, { candidate: 10 }).slice(0, -1))
      if (this.fold.d.samples.length === 0) this.fold.add({ type: 'measured', phase: 0, sample });
    const [newest] = readings(seconds, { candidate: 10 }).slice(-1);
    return newest ? this.#take({ kind: 'sample', phase: 0, sample: newest }) : this;
  }

  get status() {
    return this.fold.d.status.kind;
  }

  get reason() {
    const { status } = this.fold.d;
    return 'reason' in status ? status.reason : '';
  }

  #take(input: Parameters<typeof decide>[1]): this {
    const events = decide(this.fold.d, input, new Date(at(0)));
    this.types.push(...events.map((event) => event.type));
    this.fold.add(...events);
    return this;
  }
}

describe('what measures decide', () => {
  it('G4 a business metric more than 10 % down pauses at the first breach, and rolls back when it lasts', () => {
    const watched = new Watched([drop], value(100));
    watched.read('orders', value(95), 10);
    expect(watched.status).toBe('running');
    watched.read('orders', value(80), 20);
    expect(watched.status).toBe('paused');
    expect(watched.reason).toMatch(/orders: 80 against its baseline 100, −20 %/);
    watched.read('orders', value(80), 319);
    expect(watched.status).toBe('paused');
    watched.read('orders', value(80), 320);
    expect(watched.status).toBe('rolling_back');
    expect(watched.reason).toMatch(/for 5 min/);
  });

  it('G4 a breach that ended does not last', () => {
    const watched = new Watched([measure({ forMs: 30_000 })]);
    watched.read('orders', value(11), 0).read('orders', value(9), 20).read('orders', value(11), 40);
    expect(watched.read('orders', value(11), 60).status).toBe('running');
    expect(watched.read('orders', value(11), 70).status).toBe('rolling_back');
  });

  it('a look without a number in between neither ends a breach nor prolongs it', () => {
    const watched = new Watched([measure({ forMs: 30_000 })]);
    watched.read('orders', value(11), 0).read('orders', nothing, 20).read('orders', broken, 31);
    expect(watched.status).toBe('running');
    expect(watched.read('orders', value(11), 32).status).toBe('rolling_back');
  });

  it('with `for: 0s` the first breach rolls back', () => {
    expect(new Watched([measure({ forMs: 0 })]).read('orders', value(11), 5).status).toBe('rolling_back');
  });

  it('a dry run is journaled with its verdict and decides nothing', () => {
    const watched = new Watched([measure({ dryRun: true, forMs: 0, errorLimit: 1 })]);
    watched.read('orders', value(1000), 10).read('orders', broken, 20);
    expect(watched.status).toBe('running');
    expect(watched.types).toEqual(['measure.read', 'measure.read']);
    expect(watched.fold.d.measures[0]?.last?.verdict.kind).toBe('error');
    watched.sample(60);
    expect(watched.fold.d.phase).toBe(1);
  });

  it('T3 errors have a limit of their own, counted in a row', () => {
    const watched = new Watched([measure({ errorLimit: 3 })]);
    watched.read('orders', broken, 1).read('orders', broken, 2).read('orders', value(1), 3);
    watched.read('orders', broken, 4).read('orders', broken, 5);
    expect(watched.status).toBe('running');
    watched.read('orders', broken, 6);
    expect(watched.status).toBe('paused');
    expect(watched.reason).toMatch(/could not be measured 3 times in a row: orders: connection refused/);
  });

  it('T3 looks without data pause at their limit, where one is set', () => {
    const watched = new Watched([measure({ inconclusiveLimit: 2 })]);
    expect(watched.read('orders', nothing, 1).status).toBe('running');
    expect(watched.read('orders', nothing, 2).status).toBe('paused');
  });

  it('N3 missing data never passes: the phase is watched longer, then pauses for a person', () => {
    const watched = new Watched([measure()]);
    watched.read('orders', nothing, 50).sample(60);
    expect(watched.fold.d).toMatchObject({ phase: 0, status: { kind: 'running' } });
    watched.read('orders', nothing, 179).sample(180);
    expect(watched.status).toBe('paused');
    expect(watched.fold.d.phases[0]?.decision).toMatchObject({
      kind: 'pause',
      verdict: { kind: 'inconclusive', rule: 'measure:orders' },
    });
  });

  it('a phase ends with every deciding measure passed, and says so', () => {
    const watched = new Watched([measure(), measure({ name: 'signups', max: undefined, min: 3 })]);
    watched.read('orders', value(9), 59).sample(60);
    expect(watched.fold.d.phase).toBe(0);
    watched.read('signups', value(4), 61).sample(62);
    expect(watched.fold.d.phase).toBe(1);
    expect(watched.fold.d.phases[0]?.decision?.verdict.reason).toMatch(/orders: 9 is within.*signups: 4/);
  });

  it('a passed reading that was followed by silence does not let a phase end', () => {
    const watched = new Watched([measure({ intervalMs: 5000, timeoutMs: 5000 })]);
    watched.read('orders', value(9), 10).sample(60);
    expect(watched.fold.d.phase).toBe(0);
  });

  it('a person who resumes has the phase watched anew, from a new reading on', () => {
    const watched = new Watched([measure({ business: true, forMs: 10_000 })]);
    watched.read('orders', value(11), 3);
    expect(watched.status).toBe('paused');
    watched.fold.add({ type: 'deployment.resumed', reason: 'Ana asked for it' });
    watched.fold.d = {
      ...watched.fold.d,
      phases: watched.fold.d.phases.map((p) => ({ ...p, weightAt: at(5) })),
    };
    expect(watched.fold.d.measures[0]?.failingSince).toBeUndefined();
    watched.sample(70);
    expect(watched.fold.d.phase).toBe(0);
    watched.read('orders', value(9), 71).sample(72);
    expect(watched.fold.d.phase).toBe(1);
  });

  it('journals written before there were measures fold as they did', () => {
    const fold = new Fold();
    expect(fold.d.measures).toEqual([]);
    expect(
      decide(fold.d, { kind: 'measure', phase: -1, reading: { measure: 'x', at: at(0) } }, new Date()),
    ).toEqual([]);
  });
});
