import { afterEach, describe, expect, it } from 'vitest';
import type { Command } from '../../src/domain/command.ts';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { Event } from '../../src/domain/event.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';
import { candidate, Killed, stable, World } from '../harness/world.ts';

const quick = { bakeMs: 12, extendToMs: 600_000, minimumSample: 50 };
const ana = { name: 'Ana', face: 'ui' } as const;

let world: World;
afterEach(() => world.remove());

const asked = (pauseTimeoutMs = 600_000) =>
  requested({
    stable,
    source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
    plan: plan({
      measureEveryMs: 4,
      pauseTimeoutMs,
      suites: [
        { name: 'unit', kind: 'unit', run: 'true', timeoutMs: 1000 },
        { name: 'smoke', kind: 'smoke', run: 'true', timeoutMs: 1000 },
      ],
      phases: [phase(5, quick), phase(100, quick)],
    }),
    through: 'testing',
  });

/** Answers each wait of the deployment with the next of these commands, as a person does. */
async function answer(id: string, commands: readonly Command[]): Promise<Event[]> {
  const seen: Event[] = [];
  let next = 0;
  for await (const event of world.journals.follow(id, 0)) {
    seen.push(event);
    const command = event.type === 'deployment.waiting' ? commands[next++] : undefined;
    if (command) await world.journals.send(id, { id: `answer-${next}`, command, by: ana });
    if (event.type === 'deployment.finished') break;
  }
  return seen;
}

async function untilTheEnd(id: string, killAfter: number): Promise<number> {
  for (let deaths = 0, left = killAfter; ; deaths++, left = Number.POSITIVE_INFINITY) {
    try {
      await conduct(world.conductor(left), id);
      return deaths;
    } catch (error) {
      if (!(error instanceof Killed) || deaths > 3) throw error;
    }
  }
}

const goOn: Command = { kind: 'advance', through: 'learning' };
const again: Command = { kind: 'rerun', suite: 'unit' };

describe('running a suite again', () => {
  it('S4 waits where tests fail that a person asked for, and refuses to go on', async () => {
    world = new World();
    world.suiteEnds = (log) => (log.includes('unit') ? 'failed' : 'passed');
    const id = await world.request(asked());
    const running = conduct(world.conductor(), id);
    for await (const { type } of world.journals.follow(id, 0)) if (type === 'deployment.waiting') break;
    await world.journals.send(id, { id: 'go', command: goOn, by: ana });
    await world.journals.send(id, { id: 'no', command: { kind: 'abort' }, by: ana });
    await running;
    const events = await world.journals.read(id);
    expect(events.find((e) => e.type === 'command.received' && e.request === 'go')).toMatchObject({
      refused: 'tests do not pass: unit failed',
    });
    expect(world.archived?.status).toMatchObject({
      outcome: 'blocked',
      reason: 'tests do not pass: unit failed: Ana asked for it',
    });
    expect(world.serving()).toBe(stable.sha);
  });

  it('S4 does not hold the environment for ever where nobody answers failed tests', async () => {
    world = new World();
    world.suiteEnds = () => 'failed';
    await conduct(world.conductor(), await world.request(asked(30)));
    expect(world.archived?.status).toMatchObject({
      outcome: 'blocked',
      reason: 'tests do not pass: unit failed, smoke failed; nobody ran them again in time',
    });
  });

  it('S4 a run that passes after a failure lets it go on, and stays in the record as flaky', async () => {
    world = new World();
    world.suiteEnds = (log) => (log.endsWith('unit.log') ? 'failed' : 'passed');
    const id = await world.request(asked());
    const [events] = await Promise.all([answer(id, [again, goOn]), conduct(world.conductor(), id)]);
    expect(events.filter((e) => e.type === 'effect.started').map((e) => e.effect.id.slice(16))).toEqual(
      expect.arrayContaining([
        'testing/suite-unit/1',
        'testing/suite-smoke/1',
        'testing/report-tests/1',
        'testing/suite-unit-run-2/1',
        'testing/report-tests-run-2/1',
      ]),
    );
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
    expect(world.archived?.stages.testing).toMatchObject({
      status: 'passed',
      reason: '2 suites passed; unit only in 1 of 2 runs on the same candidate: flaky',
    });
    expect(world.archived?.suites).toMatchObject([
      { suite: 'unit', status: 'passed', earlier: [{ status: 'failed' }], again: ana },
      { suite: 'smoke', status: 'passed' },
    ]);
    expect(world.archived?.lessons?.join()).toContain('is flaky: 1 of 2 runs passed on the same candidate');
  });

  it('S4 a run that fails after a pass blocks production: the last one counts', async () => {
    world = new World();
    world.suiteEnds = (log) => (log.endsWith('unit.2.log') ? 'failed' : 'passed');
    const id = await world.request(asked());
    await Promise.all([answer(id, [again, { kind: 'abort' }]), conduct(world.conductor(), id)]);
    expect(world.archived?.status).toMatchObject({ outcome: 'blocked' });
    expect(world.archived?.stages.testing).toMatchObject({ status: 'failed' });
    expect(world.archived?.stages.production.status).toBe('pending');
  });

  it('keeps what is known where another run cannot even begin', async () => {
    world = new World();
    const id = await world.request(asked());
    const running = conduct(world.conductor(), id);
    const answers = answer(id, [again, goOn]);
    for await (const { type } of world.journals.follow(id, 0)) {
      if (type === 'tests.reported')
        world.suiteFailure = new OrchestraError('install-failed', 'no network', { hint: '' });
      if (type === 'effect.failed') break;
    }
    await Promise.all([answers, running]);
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
    expect(world.archived?.suites[0]?.earlier).toBeUndefined();
  });

  it('N4 killed after any event while a suite is run again, ends with the new version serving all', async () => {
    for (let killAfter = 1, deaths = 1; deaths > 0; killAfter++) {
      world = new World();
      world.suiteEnds = (log) => (log.endsWith('unit.log') ? 'failed' : 'passed');
      const id = await world.request(asked());
      const answers = answer(id, [again, goOn]);
      deaths = await untilTheEnd(id, killAfter);
      const events = await answers;
      expect(world.archived?.status, `killed after ${killAfter} events`).toMatchObject({
        outcome: 'succeeded',
      });
      expect(world.serving()).toBe(candidate.sha);
      expect(world.archived?.suites[0]).toMatchObject({ status: 'passed', earlier: [{ status: 'failed' }] });
      expect(events.filter(({ type }) => type === 'suite.finished')).toHaveLength(3);
      world.remove();
    }
  }, 120_000);
});

describe('ticking the checklist', () => {
  it('L2 keeps who ticked what and when, in the journal and in the record', async () => {
    world = new World();
    const id = await world.request(asked());
    const running = conduct(world.conductor(), id);
    let item = '';
    for await (const event of world.journals.follow(id, 0)) {
      if (event.type === 'papers.written') item = event.checklist?.find(({ seen }) => !seen)?.id ?? '';
      if (event.type === 'deployment.waiting') break;
    }
    for (const [n, done, by] of [
      [1, true, 'Ana'],
      [2, true, 'Bo'],
      [3, false, 'Bo'],
      [4, true, 'Bo'],
    ] as const)
      await world.journals.send(id, {
        id: `tick-${n}`,
        command: { kind: 'tick', item, done },
        by: { name: by, face: 'ui' },
      });
    await world.journals.send(id, { id: 'go', command: goOn, by: ana });
    await running;
    expect(world.archived?.ticks).toMatchObject([{ item, by: { name: 'Bo' }, at: expect.any(String) }]);
    const refusals = (await world.journals.read(id)).flatMap((e) =>
      e.type === 'command.received' && e.refused !== undefined ? [e.refused] : [],
    );
    expect(refusals).toEqual(['Ana ticked it already']);
  });
});
