import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitIn } from '../harness/git-in.ts';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { sendUsers, type Users } from '../harness/users.ts';

let greeter: Greeter;
let users: Users | undefined;
beforeAll(async () => {
  greeter = await makeGreeter();
});
afterAll(async () => {
  await users?.stop();
  await greeter.journey.close();
});

const deploy = (version: string) =>
  greeter.journey.run(
    'deploy',
    'production',
    '--version',
    version,
    '--strategy',
    'canary',
    '--yes',
    '--no-input',
    '--json',
  );
const one = async (...args: string[]) => {
  const ran = await greeter.journey.run(...args, '--json');
  return { ...ran, json: ran.lines[0] };
};
const ids = async () =>
  JSON.parse((await greeter.journey.run('history', '--json')).stdout).map((row: { id: string }) => row.id);
const actions = () =>
  readFileSync(path.join(greeter.journey.memory, 'audit.ndjson'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).action);

describe('beginning anew', () => {
  it('M8 W4 resets after two deployments, deploys again, goes back, and the history is whole', async () => {
    expect((await deploy('v1')).code).toBe(0);
    users = sendUsers(greeter.port);
    greeter.version('v2');
    expect((await deploy('v2')).code).toBe(0);
    const first = await ids();
    expect(first).toHaveLength(2);

    const refused = await one('reset', '--no-input');
    expect(refused.code).toBe(4);
    expect(refused.json).toMatchObject({ error: { code: 'needs-yes' } });
    expect(await ids()).toEqual(first);

    const reset = await one('reset', '--yes', '--why', 'a new team');
    expect(reset.code).toBe(0);
    expect(reset.json).toMatchObject({
      schema: 'orchestra/reset@1',
      preferences: 'fresh',
      deployments: { putAway: first.toReversed(), cameBack: [], since: [] },
      serving: [{ environment: 'production' }],
    });
    expect(await ids()).toEqual([]);

    // What serves is known all the same.
    const status = await one('status');
    expect(status.json).toMatchObject({
      environments: [{ name: 'production', serving: true, deployed: { name: 'v2' } }],
    });
    expect(await (await fetch(`http://127.0.0.1:${greeter.port}`)).text()).toBe('v2');

    greeter.version('v3');
    const third = await deploy('v3');
    expect(third.code).toBe(0);
    expect(third.lines[0]).toMatchObject({ type: 'deployment.requested', stable: { name: 'v2' } });
    const [since] = await ids();

    const undone = await one('reset', '--undo', '--yes');
    expect(undone.code).toBe(0);
    expect(undone.json).toMatchObject({ deployments: { cameBack: first.toReversed(), since: [since] } });
    expect(await ids()).toEqual([since, ...first]);
    const config = JSON.parse(readFileSync(path.join(greeter.journey.memory, 'config.json'), 'utf8'));
    expect(config.statistics.deployments).toBe(3);
    const patterns = JSON.parse(
      readFileSync(path.join(greeter.journey.memory, 'patterns/deployment_patterns.json'), 'utf8'),
    );
    expect(new Set(patterns.learned)).toEqual(new Set([...first, since]));
    const back = await greeter.journey.run('deploy', 'rollback', '--env', 'production', '--yes', '--json');
    expect(back.code).toBe(0);
    expect(await (await fetch(`http://127.0.0.1:${greeter.port}`)).text()).toBe('v2');

    expect(gitIn(greeter.journey.repository).run('status', '--porcelain')).toBe('');
  }, 120_000);

  it('W4 has all of that in the audit trail, which is whole', async () => {
    expect(actions()).toEqual([
      'deploy.requested',
      'deploy.done',
      'deploy.requested',
      'deploy.done',
      'reset.requested',
      'reset.done',
      'deploy.requested',
      'deploy.done',
      'reset-undo.requested',
      'reset-undo.done',
      'rollback.requested',
      'rollback.done',
    ]);
    const verdict = await one('audit', '--verify');
    expect(verdict.code).toBe(0);
    expect(verdict.json).toMatchObject({ entries: 12, problems: [], end: 'known' });
    const found = await greeter.journey.run('audit', '--search', 'reset new team');
    expect(found.stdout).toMatch(
      /^\d{4}-\d\d-\d\d .* #5 .*Ada \(cli, .*reset requested {2}memory .*because a new team\n$/,
    );
  });

  it('M8 refuses while a deployment runs', async () => {
    greeter.version('v4');
    const running = greeter.journey.start([
      'deploy',
      'production',
      '--version',
      'v4',
      '--strategy',
      'canary',
      '--yes',
      '--json',
    ]);
    await running.line(({ type }) => type === 'phase.started');
    const refused = await one('reset', '--yes');
    expect(refused.code).toBe(5);
    expect(refused.json).toMatchObject({ error: { code: 'deployment-running' } });
    await greeter.journey.run('deploy', 'abort', '--env', 'production');
    await running.done;
  }, 60_000);
});
