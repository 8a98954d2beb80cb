import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { identify } from '../../providers/runtime/processes.ts';
import { progressSchema } from '../../src/domain/progress.ts';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { eventually } from '../harness/http.ts';
import { endOf } from '../harness/journey.ts';
import { sendUsers, type Users } from '../harness/users.ts';

const deploy = (version: string) => [
  'deploy',
  '--version',
  version,
  '--strategy',
  'canary',
  '--yes',
  '--json',
];

let greeter: Greeter;
let users: Users;

beforeAll(async () => {
  greeter = await makeGreeter();
  for (const name of ['v2', 'v3']) greeter.version(name);
  const first = await greeter.journey.run(...deploy('v1'), '--no-input');
  if (first.code !== 0) throw new Error(first.stdout + first.stderr);
  users = sendUsers(greeter.port);
  await users.answered(20);
});
afterAll(async () => {
  await users?.stop();
  await greeter?.journey.close();
});

const statusSchema = z.object({
  active: z.array(
    z.looseObject({
      id: z.string(),
      attention: z.looseObject({
        kind: z.string(),
        stuck: z.boolean(),
        can: z.array(z.looseObject({ command: z.string() })),
      }),
      agents: z.array(z.looseObject({ role: z.string(), kind: z.string(), tool: z.string().optional() })),
    }),
  ),
});

async function status() {
  const { stdout } = await greeter.journey.run('status', '--json');
  return statusSchema.parse(JSON.parse(stdout)).active;
}

const progress = () =>
  progressSchema.parse(JSON.parse(readFileSync(path.join(greeter.journey.memory, 'progress.json'), 'utf8')));
const progressText = () => readFileSync(path.join(greeter.journey.memory, 'progress-status.txt'), 'utf8');

describe('W5 a conductor that is stopped in the middle of a rollout', () => {
  it('is said to be stuck; a forced end ends exactly that process, and nobody notices anything but the old version', async () => {
    const { journey } = greeter;
    const failedBefore = users.failures.length;
    const asked = journey.start([...deploy('v2'), '--no-input', '--detach'], { CLAUDECODE: '1' });
    const id = z.object({ id: z.string() }).parse((await asked.done).lines[0]).id;
    const monitored = journey.start(['status', '--monitor'], { GITHUB_ACTIONS: 'true' });
    await eventually(
      () => journey.journal(id).some((e) => e.type === 'weight.set' && e['actual'] === 25),
      'a quarter of the users is on the candidate',
      60_000,
    );

    const refused = await journey.run('deploy', 'abort', '--force', '--yes', '--json');
    expect([refused.code, refused.stdout]).toEqual([2, expect.stringContaining('not-needed')]);
    expect(journey.journal(id).some((e) => e.type === 'command.received')).toBe(false);

    await eventually(
      () => progress().activeAgents.some(({ role }) => role === 'watches'),
      'who watches is seen',
    );
    expect(progress().activeAgents).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ role: 'requested', kind: 'agent', tool: 'claude' }),
        expect.objectContaining({ role: 'watches', kind: 'ci', tool: 'github-actions', pid: monitored.pid }),
        expect.objectContaining({ role: 'conducts', kind: 'worker', pid: journey.conductor(id)?.pid }),
      ]),
    );

    const conductor = journey.conductor(id);
    if (!conductor) throw new Error('nobody conducts it');
    process.kill(conductor.pid, 'SIGSTOP');
    await eventually(
      async () => (await status())[0]?.attention.stuck === true,
      'it is said to be stuck',
      40_000,
    );
    expect((await status())[0]?.attention).toMatchObject({
      kind: 'conductor',
      can: expect.arrayContaining([
        expect.objectContaining({ command: 'orchestrate deploy abort --force --env production' }),
      ]),
    });
    expect(progressText()).toMatch(/^state=stuck$/m);
    const plain = await journey.run('status');
    expect(plain.stdout).toMatch(/STUCK +its conductor \(pid \d+\) to answer/);

    const unanswered = await journey.run('deploy', 'pause', '--json');
    expect([unanswered.code, unanswered.stdout]).toEqual([1, expect.stringContaining('abort --force')]);

    const ended = await journey.run('deploy', 'abort', '--force', '--yes', '--why', 'it hangs', '--json');
    expect([ended.code, ended.stderr]).toEqual([
      3,
      expect.stringContaining(`process ${conductor.pid} was ended`),
    ]);
    expect(identify(conductor.pid)?.startTime).not.toBe(conductor.startTime);

    const events = journey.journal(id);
    expect(endOf(events)).toMatchObject({ outcome: 'rolled_back', version: { name: 'v1' } });
    expect(
      events.find((e) => e.type === 'command.received' && JSON.stringify(e).includes('"force"')),
    ).toMatchObject({
      command: { kind: 'abort', force: { pid: conductor.pid } },
      by: { name: 'Ada', face: 'cli' },
      why: 'it hangs',
    });
    await users.answered(100);
    expect(new Set(users.last(50))).toEqual(new Set(['v1']));
    expect(users.failures.slice(failedBefore)).toEqual([]);

    const watched = await monitored.done;
    expect([watched.code, watched.stderr]).toEqual([0, expect.stringMatching(/STUCK +its conductor/)]);
    expect(progress()).toMatchObject({
      state: 'idle',
      activeAgents: [],
      ended: [{ deployment: id, outcome: 'rolled_back' }, { outcome: 'succeeded' }],
    });
    expect(progressText()).toMatch(new RegExp(`^ended id=${id} .*outcome=rolled_back`, 'm'));
  }, 180_000);

  it('is left alone by who asks without need: nothing runs', async () => {
    const ran = await greeter.journey.run('deploy', 'abort', '--force', '--yes', '--json');
    expect([ran.code, ran.lines[0]]).toEqual([0, { environment: 'production', aborted: null }]);
  });
});
