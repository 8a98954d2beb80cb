import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sequence } from '../../demo/load/mix.ts';
import { isAlive } from '../../providers/runtime/processes.ts';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { eventually } from '../harness/http.ts';
import { endOf, type Line, type Ran } from '../harness/journey.ts';
import { sendUsers, type Users } from '../harness/users.ts';

const canary = (version: string) => [
  'deploy',
  'production',
  '--version',
  version,
  '--strategy',
  'canary',
  '--yes',
  '--no-input',
  '--json',
];

let greeter: Greeter;
let users: Users;

beforeAll(async () => {
  greeter = await makeGreeter();
  for (const name of ['v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'v9']) greeter.version(name);
  const first = await greeter.journey.run(...canary('v1'));
  if (first.code !== 0) throw new Error(first.stdout + first.stderr);
  users = sendUsers(greeter.port);
  await users.answered(20);
});
afterAll(async () => {
  await users?.stop();
  await greeter?.journey.close();
});

/** Starts a deployment nobody waits for; its id. */
async function begin(version: string): Promise<string> {
  const ran = await greeter.journey.run(...canary(version), '--detach');
  const { id } = ran.lines[0] ?? {};
  if (typeof id !== 'string') throw new Error(ran.stdout + ran.stderr);
  return id;
}

const finished = (id: string) => greeter.journey.journal(id).find((e) => e.type === 'deployment.finished');

const has = (id: string, fits: (event: Line) => boolean) =>
  eventually(() => greeter.journey.journal(id).some(fits), 'the journal has that event', 60_000);

/** Sends a signal to the conductor of a deployment and gives its pid; undefined when none runs. */
function signalConductor(id: string, signal: NodeJS.Signals): number | undefined {
  const conductor = greeter.journey.conductor(id);
  if (conductor) process.kill(conductor.pid, signal);
  return conductor?.pid;
}

/** That a deployment ended as a whole: events without gaps, one version serving everybody, nothing failed. */
async function expectWhole(id: string): Promise<Line> {
  await eventually(() => finished(id) !== undefined, `${id} ends`, 60_000);
  const end = endOf(greeter.journey.journal(id));
  await users.answered(100);
  const serving = new Set(users.last(40));
  expect(serving.size).toBe(1);
  expect(end).toMatchObject({ version: { name: [...serving][0] } });
  return end;
}

const told = (ran: Ran) => /had lost its conductor: (resumed|rolls back)/.exec(ran.stderr)?.[1];

describe('N4 kill -9 of the conductor', () => {
  // The moments differ from run to run; a failure names them.
  const random = sequence(Date.now());

  it.each(['v2', 'v3', 'v4'])(
    'at three moments of the rollout of %s: the next command says what it does, and no request fails',
    async (version) => {
      const { journey } = greeter;
      const failedBefore = users.failures.length;
      const id = await begin(version);
      const moments: string[] = [];
      let at = 0;
      for (let kill = 0; kill < 3; kill += 1) {
        at += 4 + Math.floor(random() * 16);
        await eventually(
          () =>
            finished(id) !== undefined ||
            (journey.journal(id).length >= at && journey.conductor(id) !== undefined),
          `event ${at}`,
          60_000,
        );
        const pid = signalConductor(id, 'SIGKILL');
        if (pid === undefined) break;
        const last = journey.journal(id).at(-1);
        moments.push(`${last?.seq} ${last?.type}`);
        await eventually(() => journey.conductor(id) === undefined, 'the conductor is gone');
        const next = await journey.run('status', '--json');
        expect(next.code).toBe(0);
        if (finished(id) && !told(next)) break;
        expect([told(next), moments]).toEqual([expect.stringMatching(/resumed|rolls back/), moments]);
        at = Math.max(at, journey.journal(id).length);
      }
      const end = await expectWhole(id);
      expect([end.outcome, moments]).toEqual([expect.stringMatching(/succeeded|rolled_back/), moments]);
      expect([users.failures.slice(failedBefore), moments]).toEqual([[], moments]);
      expect(moments.length).toBeGreaterThanOrEqual(2);
    },
  );
});

describe('N4 kill -9 of what carries the traffic', () => {
  it('of the candidate: its users fall to stable, and the rollout is rolled back', async () => {
    const failedBefore = users.failures.length;
    const id = await begin('v5');
    await has(id, (e) => e.type === 'weight.set' && e['actual'] === 25);
    const started = greeter.journey.journal(id).find((e) => e.type === 'candidate.started');
    process.kill(Number(started?.['pid']), 'SIGKILL');
    const end = await expectWhole(id);
    expect(end).toMatchObject({ outcome: 'rolled_back' });
    // What was under way in the killed process is lost; every other request is answered by stable.
    expect(users.failures.slice(failedBefore).length).toBeLessThan(10);
  });

  it('of the proxy: it is back with the same routes, and the rollout ends whole', async () => {
    const id = await begin('v6');
    await has(id, (e) => e.type === 'weight.set' && e['actual'] === 25);
    const proxy = greeter.journey.proxy();
    process.kill(proxy.pid, 'SIGKILL');
    await eventually(() => !isAlive(proxy), 'the proxy is gone');
    const end = await expectWhole(id);
    expect(end).toMatchObject({ outcome: 'succeeded', version: { name: 'v6' } });
    expect(greeter.journey.proxy().pid).not.toBe(proxy.pid);
    // Where the machine has no proxy users are refused; whoever was answered was answered right.
    for (const failure of users.failures) expect(failure).toMatch(/ECONNREFUSED|ECONNRESET|socket hang up/);
  });
});

describe('N4 SIGSTOP of the conductor', () => {
  it('for longer than the dead man’s time: the proxy returns the traffic to stable by itself, and it is rolled back', async () => {
    const { journey } = greeter;
    const failedBefore = users.failures.length;
    const before = users.last(1)[0];
    const id = await begin('v7');
    await has(id, (e) => e.type === 'weight.set' && e['actual'] === 50);
    signalConductor(id, 'SIGSTOP');
    const pid = journey.conductor(id)?.pid ?? 0;
    await eventually(() => journey.routes().weight === 0, 'the proxy took the traffic back', 40_000);
    expect(journey.routes()).toMatchObject({ switched: { rollout: id } });
    await users.answered(100);
    expect(new Set(users.last(50))).toEqual(new Set([before]));
    process.kill(pid, 'SIGCONT');
    const end = await expectWhole(id);
    expect(end).toMatchObject({ outcome: 'rolled_back' });
    expect(journey.journal(id).find((e) => e.type === 'rollback.started')).toMatchObject({
      trigger: 'dead-man',
    });
    expect(users.failures.slice(failedBefore)).toEqual([]);
  });
});
