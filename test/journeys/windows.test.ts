import { afterAll, beforeAll, expect, it } from 'vitest';
import { gitIn } from '../harness/git-in.ts';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { eventually } from '../harness/http.ts';

let greeter: Greeter;

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** A window that is closed whenever this runs: on one day of the week, three days from now. */
const farDay = dayNames[(new Date().getUTCDay() + 3) % 7];

beforeAll(async () => {
  greeter = await makeGreeter({
    steps: '[100]',
    approval: '{ required: true, count: 2, by: [Bo, cy@shop.example], timeout: 5m }',
    more: `    time_zone: Asia/Kathmandu
    windows: [{ days: ${farDay}, from: "09:00", to: "16:00" }]
    freezes: [{ from: 2030-12-20, to: 2031-01-03, why: the holidays }]
`,
  });
  greeter.version('v2');
});
afterAll(() => greeter.journey.close());

const run = (...args: string[]) => greeter.journey.run('deploy', ...args, '--json');
const here = (...args: string[]) => run(...args, '--env', 'production');
const call = (name: string, email: string) => {
  const git = gitIn(greeter.journey.repository);
  git.run('config', 'user.name', name);
  git.run('config', 'user.email', email);
};

async function begin(...args: string[]): Promise<string> {
  const ran = await run('production', '--version', 'v1', '--yes', '--detach', ...args);
  expect(ran.code, JSON.stringify(ran.lines)).toBe(0);
  return String(ran.lines[0]?.['id']);
}

const events = (id: string, type: string) =>
  greeter.journey.journal(id).filter((event) => event.type === type);
const until = (id: string, type: string) =>
  eventually(() => events(id, type).length > 0, `${id} comes to ${type}`, 60_000);

it('T6 T3 a rollout waits for its window, starts as an emergency with a reason, and is approved by two people', async () => {
  call('Ana', 'ana@shop.example');
  const id = await begin('--at', 'next-window');
  await until(id, 'deployment.waiting');
  const [waiting] = events(id, 'deployment.waiting');
  expect(waiting).toMatchObject({
    after: 'testing',
    reason: expect.stringContaining('(Asia/Kathmandu)'),
  });
  expect(Date.parse(String(waiting?.['until']))).toBeGreaterThan(Date.now());
  expect(events(id, 'suite.finished'), 'its tests have run').toHaveLength(1);

  const other = await run('production', '--version', 'v2', '--yes', '--detach');
  expect(other).toMatchObject({
    code: 5,
    lines: [{ error: { code: 'locked', message: expect.stringContaining('it waits until') } }],
  });
  const [status] = (await greeter.journey.run('status', '--json')).lines;
  expect(status).toMatchObject({
    active: [{ status: { kind: 'waiting' }, trigger: { kind: 'schedule' }, attention: { kind: 'window' } }],
  });

  expect(await here('start', '--emergency')).toMatchObject({ code: 2 });
  expect(await here('start', '--emergency', '--why', 'the shop is down')).toMatchObject({ code: 0 });
  await until(id, 'approval.requested');
  expect(await here('approve')).toMatchObject({ code: 2 });
  call('Bo', 'bo@shop.example');
  expect(await here('approve', '--why', 'looked at it')).toMatchObject({ code: 0 });
  expect(await here('approve')).toMatchObject({
    code: 2,
    lines: [
      { error: { message: expect.stringContaining('1 of 2 approvals is missing, cy@shop.example may') } },
    ],
  });
  call('Cy', 'cy@shop.example');
  expect(await here('approve')).toMatchObject({ code: 0 });
  await until(id, 'deployment.finished');
  expect(events(id, 'deployment.finished')).toMatchObject([{ outcome: 'succeeded' }]);
  expect(events(id, 'approval.given').map((event) => event['missing'])).toEqual([1, undefined]);

  const audit = await greeter.journey.run('audit', '--json');
  expect(JSON.stringify(audit.lines)).toContain('"action":"deploy.emergency"');
});

it('T6 an emergency from the start needs a reason; what is closed ends a deployment that may not wait', async () => {
  call('Ana', 'ana@shop.example');
  expect(await run('production', '--version', 'v2', '--yes', '--emergency')).toMatchObject({
    code: 2,
    lines: [{ error: { code: 'emergency-needs-why' } }],
  });
  expect(await run('production', '--version', 'v2', '--yes', '--at', '2020-01-01T09:00')).toMatchObject({
    code: 2,
    lines: [{ error: { code: 'bad-time', message: expect.stringContaining('is over') } }],
  });
  const refused = await run('production', '--version', 'v2', '--yes', '--no-input');
  expect(refused.code).toBe(4);
  const dry = await run(
    'production',
    '--version',
    'v2',
    '--dry-run',
    '--emergency',
    '--why',
    'the shop is down',
  );
  expect(dry.lines[0]).toMatchObject({
    emergency: 'the shop is down',
    notes: expect.arrayContaining([expect.stringContaining('EMERGENCY: the shop is down')]),
  });
});

it('T6 a merge to the development branch is deployed once, and the branch is followed until somebody ends it', async () => {
  call('Ana', 'ana@shop.example');
  const { journey } = greeter;
  const started = Date.now();
  const following = journey.start([
    'deploy',
    'production',
    '--on-merge',
    '--at',
    'next-window',
    '--select',
    'all',
    '--every',
    '500ms',
    '--yes',
    '--json',
  ]);
  const merged = async () => {
    const [status] = (await journey.run('status', '--json')).lines;
    return JSON.stringify(status).includes('"kind":"merge"');
  };
  for (let asked = 0; !(await merged()); asked++) {
    if (Date.now() - started > 60_000) throw new Error('nothing was deployed');
  }
  const withdrawn = await here('abort', '--why', 'not today');
  expect(withdrawn.code).toBe(4);
  await eventually(
    () => following.lines.some(({ type }) => type === 'deployment.finished'),
    'it hears of that',
    30_000,
  );
  // The head that did not make it is not tried again; the next one is.
  const requests = () => following.lines.filter(({ type }) => type === 'deployment.requested').length;
  expect(requests()).toBe(1);
  greeter.version('v3');
  await eventually(() => requests() === 2, 'the next head is deployed', 60_000);
  following.kill('SIGINT');
  const ended = await following.done;
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain('not followed any more');
  expect((await here('abort')).code).toBe(4);
});
