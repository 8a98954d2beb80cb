import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { eventually } from '../harness/http.ts';
import { endOf, type Line } from '../harness/journey.ts';
import { sendUsers, type Users } from '../harness/users.ts';

let greeter: Greeter;
let users: Users | undefined;

beforeAll(async () => {
  greeter = await makeGreeter({ steps: '[50, 100]', pause_timeout: '5m' });
  greeter.version('v2');
  greeter.version('wrong');
});
afterAll(async () => {
  await users?.stop();
  await greeter.journey.close();
});

const file = () => path.join(greeter.journey.repository, 'orchestra.yaml');
const written = new Map<string, string>();

/** Writes `orchestra.yaml` as it was, with more settings of the environment at its place. */
function settings(more: string, service = ''): void {
  const plain = written.get('plain') ?? readFileSync(file(), 'utf8');
  written.set('plain', plain);
  writeFileSync(
    file(),
    plain
      .replace('    stop_timeout: 2s\n', `    stop_timeout: 2s\n${service}`)
      .replace('    measure_every:', `${more}    measure_every:`),
  );
}

const deploy = (version: string, ...more: string[]) =>
  greeter.journey.run('deploy', 'production', '--version', version, '--yes', '--json', ...more);
const actions = (lines: readonly Line[]) =>
  lines.filter(({ type }) => type === 'action.finished').map(({ result }) => result);

describe('checks, smoke tests and hooks of a real deployment', () => {
  it('G3 run at their points, are told what happens, and are kept in the deployment’s folder', async () => {
    settings(
      `    smoke: [{ name: greets, path: /hello, contains: v }, { name: shell, run: 'node -e "fetch(process.env.ORCHESTRA_URL).then((r) => process.exit(r.ok ? 0 : 1))"' }]\n` +
        `    hooks: { before_deploy: [{ run: 'echo before $ORCHESTRA_ENVIRONMENT' }], after_promotion: [{ run: 'echo "$ORCHESTRA_OUTCOME $ORCHESTRA_VERSION" > promoted.txt' }] }\n`,
    );
    const ran = await deploy('v1');
    expect(ran.code, ran.stderr).toBe(0);
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'succeeded' });
    const done = actions(ran.lines);
    expect(done).toMatchObject([
      { name: 'configuration', point: 'before-deployment' },
      { name: 'before_deploy', point: 'before-deployment', detail: 'ended well: before production' },
      { name: 'greets', point: 'before-traffic' },
      { name: 'shell', point: 'before-traffic' },
      { name: 'configuration', point: 'before-phase', phase: 0 },
      { name: 'greets', point: 'after-rollout' },
      { name: 'shell', point: 'after-rollout' },
      { name: 'after_promotion', point: 'after-promotion' },
    ]);
    const { repository, memory } = greeter.journey;
    expect(readFileSync(path.join(repository, 'promoted.txt'), 'utf8')).toBe('succeeded v1\n');
    const id = String(ran.lines[0]?.deployment);
    const log = path.join(memory, 'history', id, 'actions', 'before-deployment-hook-before_deploy.log');
    expect(readFileSync(log, 'utf8')).toContain('before production\n');
    users = sendUsers(greeter.port);
  });

  it('G3 a candidate whose smoke test fails gets no traffic; users notice nothing', async () => {
    settings(
      `    smoke: [{ name: greets, path: /, contains: "v" }]\n    hooks: { after_rollback: [{ run: 'echo "$ORCHESTRA_OUTCOME: $ORCHESTRA_REASON" > back.txt' }] }\n`,
    );
    const ran = await deploy('wrong');
    expect(ran.code).toBe(3);
    expect(endOf(ran.lines)).toMatchObject({
      outcome: 'rolled_back',
      reason:
        'smoke test greets failed before the first traffic: GET /: expected an answer that contains "v", got wrong',
      version: { name: 'v1' },
    });
    expect(ran.lines.filter(({ type }) => type === 'weight.set')).toEqual([]);
    expect(readFileSync(path.join(greeter.journey.repository, 'back.txt'), 'utf8')).toContain(
      'rolled_back: smoke test greets failed',
    );
  });

  it('G1 a missing dependency blocks the deployment before anything in production is touched', async () => {
    settings('', `    requires: [{ name: database, tcp: "127.0.0.1:1", tolerate: 1, interval: 100ms }]\n`);
    const ran = await deploy('v2');
    expect(ran.code).toBe(4);
    expect(endOf(ran.lines)).toMatchObject({
      outcome: 'blocked',
      reason: expect.stringMatching(/^dependency database failed before the rollout: .*2 times in a row$/),
    });
  });

  it('T3 a hook that fails asks a person, who tries it again; what was rolled out stays', async () => {
    settings(
      `    hooks: { after_phase: [{ run: 'test -e mended', on_failure: pause }], before_phase: [{ run: 'sleep 60', timeout: 200ms, on_failure: ignore }] }\n`,
    );
    const started = await deploy('v2');
    expect(started.code, 'waits for a person').toBe(6);
    const id = String(started.lines[0]?.deployment);
    const ask = (...args: string[]) => greeter.journey.run('deploy', ...args, '--json');
    expect(await ask('resume')).toMatchObject({ code: 2 });
    writeFileSync(path.join(greeter.journey.repository, 'mended'), '');
    expect(await ask('retry', '--why', 'mended')).toMatchObject({ code: 0 });
    const last = () => greeter.journey.journal(id).find(({ type }) => type === 'deployment.finished');
    await eventually(() => last() !== undefined, `${id} ends`, 60_000);
    expect(last()).toMatchObject({ outcome: 'succeeded', version: { name: 'v2' } });
    const journal = greeter.journey.journal(id);
    expect(journal.filter(({ type }) => type === 'candidate.started')).toHaveLength(1);
    expect(journal.findLast(({ type }) => type === 'command.received')).toMatchObject({
      command: { kind: 'retry' },
      by: { name: 'Ada', face: 'cli' },
      why: 'mended',
    });
    expect(users?.failures).toEqual([]);
  });
});
