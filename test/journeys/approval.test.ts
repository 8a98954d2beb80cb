import { afterAll, beforeAll, expect, it } from 'vitest';
import { gitIn } from '../harness/git-in.ts';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { eventually } from '../harness/http.ts';
import { sendUsers, type Users } from '../harness/users.ts';

let greeter: Greeter;
let users: Users | undefined;

beforeAll(async () => {
  greeter = await makeGreeter({ approval: '{ required: true, timeout: 5m }', steps: '[50, 100]' });
  greeter.version('v2');
});
afterAll(async () => {
  await users?.stop();
  await greeter.journey.close();
});

/** Starts a deployment nobody waits for; its id once it asks for an approval. */
async function beginAndAsk(version: string): Promise<string> {
  const { journey } = greeter;
  const ran = await journey.run('deploy', 'production', '--version', version, '--yes', '--detach', '--json');
  const id = String(ran.lines[0]?.['id']);
  await eventually(
    () => journey.journal(id).some(({ type }) => type === 'approval.requested'),
    `${id} asks for an approval`,
    60_000,
  );
  return id;
}

const ask = (...args: string[]) => greeter.journey.run('deploy', ...args, '--env', 'production', '--json');
const call = (name: string) => gitIn(greeter.journey.repository).run('config', 'user.name', name);

async function outcome(id: string) {
  const last = () => greeter.journey.journal(id).find(({ type }) => type === 'deployment.finished');
  await eventually(() => last() !== undefined, `${id} ends`, 60_000);
  return last();
}

it('T3 all traffic waits for another person, who says yes to one deployment and no to the next', async () => {
  call('Ana');
  const first = await beginAndAsk('v1');
  expect(await ask('approve')).toMatchObject({
    code: 2,
    lines: [{ error: { message: expect.stringContaining('another person has to approve it') } }],
  });
  expect(await ask('promote', '--full')).toMatchObject({ code: 2 });
  call('Bo');
  expect(await ask('approve')).toMatchObject({ code: 0, lines: [{ deployment: first, command: 'approve' }] });
  expect(await outcome(first)).toMatchObject({ outcome: 'succeeded' });

  users = sendUsers(greeter.port);
  const second = await beginAndAsk('v2');
  const asked = greeter.journey.journal(second);
  expect(asked.filter(({ type }) => type === 'weight.set').map((event) => event['actual'])).toEqual([50]);
  call('Ana');
  expect(await ask('reject', '--why', 'not before the weekend')).toMatchObject({ code: 0 });
  expect(await outcome(second)).toMatchObject({
    outcome: 'rolled_back',
    reason: 'Ana rejected it: not before the weekend',
    version: { name: 'v1' },
  });
  expect(users.failures).toEqual([]);
});
