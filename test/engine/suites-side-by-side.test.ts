import { afterEach, describe, expect, it } from 'vitest';
import type { Plan, SuitePlan } from '../../src/domain/plan.ts';
import { conduct } from '../../src/engine/conductor.ts';
import type { Event } from '../../src/domain/event.ts';
import { requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';
import { candidate, Killed, stable, World } from '../harness/world.ts';

const quick = { bakeMs: 12, extendToMs: 600_000, minimumSample: 50 };

let world: World;
afterEach(() => world.remove());

const suite = (name: string, change: Partial<SuitePlan> = {}): SuitePlan => ({
  name,
  kind: 'unit',
  run: 'true',
  timeoutMs: 1000,
  tree: name,
  ...change,
});

const asked = (suites: SuitePlan[], change: Partial<Plan> = {}) =>
  requested({
    stable,
    source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
    plan: plan({
      measureEveryMs: 4,
      suites,
      parallelSuites: 2,
      phases: [phase(100, quick)],
      ...change,
    }),
  });

/** What of the testing happened, in order: `+` began, `-` ended. */
const story = (events: readonly Event[]): string[] =>
  events.flatMap((event) => {
    if (event.type === 'effect.started' && event.effect.kind === 'run-suite')
      return [`+${event.effect.suite.name}${event.effect.run ?? ''}`];
    return event.type === 'suite.finished' ? [`-${event.result.suite}`] : [];
  });

describe('suites side by side', () => {
  it('S4 as many run at once as the plan says, and stand in its order whatever ends first', async () => {
    world = new World();
    const ends = new Map<string, () => void>();
    world.suiteWaits = (name) => new Promise((resolve) => ends.set(name, resolve));
    const id = await world.request(asked([suite('a'), suite('b'), suite('c')]));
    const running = conduct(world.conductor(), id);
    await expect.poll(() => [...ends.keys()]).toEqual(['a', 'b']);
    ends.get('b')?.();
    await expect.poll(() => [...ends.keys()]).toEqual(['a', 'b', 'c']);
    ends.get('c')?.();
    ends.get('a')?.();
    await running;
    expect(story(await world.journals.read(id)).slice(0, 4)).toEqual(['+a', '+b', '-b', '+c']);
    expect(world.archived?.suites.map((state) => state.suite)).toEqual(['a', 'b', 'c']);
    expect(world.archived?.suitesUnderWay).toBeUndefined();
  });

  it('S4 one that needs another begins when that passed, and is not run where it did not', async () => {
    world = new World();
    world.suiteEnds = (log) => (log.includes('bad') ? 'failed' : 'passed');
    const tree = 'one';
    const id = await world.request(
      asked([
        suite('e2e', { needs: ['build'], tree }),
        suite('load', { needs: ['bad'] }),
        suite('build', { tree }),
        suite('bad'),
      ]),
    );
    await conduct(world.conductor(), id);
    const told = story(await world.journals.read(id));
    expect(told.indexOf('-build')).toBeLessThan(told.indexOf('+e2e'));
    expect(told).not.toContain('+load');
    expect(world.archived?.suites.map((state) => state.suite)).toEqual(['e2e', 'build', 'bad']);
    expect(world.archived?.status).toMatchObject({ outcome: 'blocked' });
  });

  it('S4 a failed one runs again as often as its settings say; passing then is flaky, and said', async () => {
    world = new World();
    world.suiteEnds = (log) => (/(?:a|a\.2|b|b\.2)\.log$/.test(log) ? 'failed' : 'passed');
    const id = await world.request(asked([suite('a', { retries: 3 })]));
    await conduct(world.conductor(), id);
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
    expect(world.archived?.stages.testing).toMatchObject({
      status: 'passed',
      reason: '1 suite passed; a only in 1 of 3 runs on the same candidate: flaky',
    });
    expect(world.archived?.suites).toMatchObject([
      { status: 'passed', earlier: [{ status: 'failed' }, { status: 'failed' }] },
    ]);
    world.remove();
    world = new World();
    world.suiteEnds = () => 'failed';
    await conduct(world.conductor(), await world.request(asked([suite('b', { retries: 1 })])));
    expect(world.archived?.status).toMatchObject({ outcome: 'blocked' });
    expect(world.archived?.suites[0]?.earlier).toHaveLength(1);
  });

  it('ends those beside one that cannot even begin', async () => {
    world = new World();
    let ended = false;
    world.suiteWaits = (name, signal) =>
      name === 'a'
        ? new Promise((_, reject) =>
            signal.addEventListener('abort', () => {
              ended = true;
              reject(new Error('ended'));
            }),
          )
        : Promise.reject(new Error('no network'));
    await conduct(world.conductor(), await world.request(asked([suite('a'), suite('b')])));
    expect(ended).toBe(true);
    expect(world.archived?.status).toMatchObject({
      outcome: 'blocked',
      reason: expect.stringContaining('tests could not run'),
    });
  });

  it('N4 killed after any event while several run, ends with each that had not ended run again, none twice at once', async () => {
    for (let killAfter = 1, deaths = 1; deaths > 0; killAfter++) {
      world = new World();
      deaths = 0;
      const now = new Set<string>();
      world.suiteWaits = async (name) => {
        expect(now.has(name), `${name} runs twice at once`).toBe(false);
        now.add(name);
        await new Promise((resolve) => setTimeout(resolve, name === 'a' ? 6 : 2));
        now.delete(name);
      };
      world.suiteEnds = (log) => (log.endsWith('c.log') ? 'failed' : 'passed');
      const id = await world.request(
        asked([suite('a'), suite('b'), suite('c', { retries: 1 }), suite('d', { needs: ['a'] })]),
      );
      for (let left = killAfter; ; left = Number.POSITIVE_INFINITY) {
        try {
          await conduct(world.conductor(left), id);
          break;
        } catch (error) {
          if (!(error instanceof Killed) || deaths > 3) throw error;
          deaths += 1;
          // What a dead conductor ran is ended by the one that comes.
          now.clear();
        }
      }
      expect(world.archived?.status, `killed after ${killAfter} events`).toMatchObject({
        outcome: 'succeeded',
      });
      const finished = (await world.journals.read(id)).filter(({ type }) => type === 'suite.finished');
      expect(finished).toHaveLength(5);
      expect(world.archived?.suites.map((s) => [s.suite, s.earlier?.length ?? 0])).toEqual([
        ['a', 0],
        ['b', 0],
        ['c', 1],
        ['d', 0],
      ]);
      world.remove();
    }
  }, 120_000);
});
