import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { leftOut } from '../harness/installed.ts';
import { endOf, type Line } from '../harness/journey.ts';
import { startPrometheus, type Prometheus } from '../harness/prometheus.ts';
import { startUpstream, type Upstream } from '../harness/upstream.ts';
import { sendUsers, type Users } from '../harness/users.ts';

const token = 'tok-9c2e-very-secret';

/** Orders a minute of each version, as the shop's own numbers say. */
const orders: Record<string, number> = { v1: 100, v2: 70, v3: 104, v4: 99 };

const deploy = (version: string) => [
  'deploy',
  'production',
  '--version',
  version,
  '--yes',
  '--no-input',
  '--json',
];

const indexOf = (lines: Line[], type: string) => lines.findIndex((line) => line.type === type);

describe('a deployment with measures of its own', () => {
  let shop: Upstream;
  let greeter: Greeter;
  let users: Users | undefined;
  let takenBack = '';
  const run = (version: string) => greeter.journey.start(deploy(version), { SHOP_TOKEN: token }).done;

  beforeAll(async () => {
    shop = await startUpstream('numbers', (request, response) => {
      const version = new URL(request.url ?? '/', 'http://localhost').searchParams.get('of') ?? '';
      const known = request.headers.authorization === `Bearer ${token}`;
      response.writeHead(known ? 200 : 401).end(JSON.stringify({ orders: orders[version] ?? null }));
    });
    const address = `http://127.0.0.1:${shop.route.port}/?of={{version}}`;
    greeter = await makeGreeter({
      steps: '[50, 100]',
      pause_timeout: '60s',
      metrics: `
      - { name: orders, source: http, url: "${address}", json_path: $.orders, token_env: SHOP_TOKEN, compare: baseline, business: true, interval: 1s, for: 3s }
      - { name: trial, source: command, run: [node, -e, console.log(1e6)], max: 1, interval: 1s, for: 0s, dry_run: true }`,
    });
    for (const name of ['v2', 'v3']) greeter.version(name);
    const first = await run('v1');
    if (first.code !== 0) throw new Error(first.stdout + first.stderr);
    users = sendUsers(greeter.port);
    await users.answered(20);
  });
  afterAll(async () => {
    await users?.stop();
    await greeter?.journey.close();
    await shop?.kill();
  });

  it('G4 is paused at the first breach of a business metric, and rolled back when it lasts', async () => {
    const { code, lines } = await run('v2');
    const journal = JSON.stringify(lines);
    expect(endOf(lines), journal).toMatchObject({ outcome: 'rolled_back', version: { name: 'v1' } });
    expect(code).toBe(3);
    const [paused, back] = [indexOf(lines, 'deployment.paused'), indexOf(lines, 'rollback.started')];
    expect(paused).toBeGreaterThan(0);
    expect(back).toBeGreaterThan(paused);
    expect(lines[paused]?.reason).toBe('orders: 70 against its baseline 100, −30 %, more than 10 % down');
    expect(lines[back]).toMatchObject({
      trigger: 'rule',
      reason: expect.stringMatching(/−30 %.*, for \d s/),
    });
    expect(users?.failures).toEqual([]);
    expect(journal).not.toContain(token);
    takenBack = String(lines.at(-1)?.deployment);
  });

  it('N3 is judged again with other limits, beside what was', async () => {
    const { journey } = greeter;
    const replay = async (...more: string[]) =>
      journey.run('analyze', '--replay', takenBack, ...more, '--json');
    const same = await replay();
    expect(same.code, same.stdout).toBe(0);
    expect(same.lines).toMatchObject([
      { schema: 'orchestra/replay@1', differs: false, would: { outcome: 'rolled_back' } },
    ]);
    const limits = path.join(journey.folder, 'limits.yaml');
    writeFileSync(
      limits,
      'metrics:\n  - { name: orders, source: command, run: [x], compare: baseline, max_drop: 40 }\n',
    );
    const looser = await replay('--thresholds', limits);
    expect(looser.lines, looser.stdout).toMatchObject([
      {
        differs: true,
        was: { outcome: 'rolled_back' },
        notes: [expect.stringContaining('asks something else')],
      },
    ]);
    const words = await journey.run('analyze', '--replay', takenBack, '--thresholds', limits);
    expect(words.stdout).toContain('It would have been decided otherwise.');
    expect((await journey.run('analyze', '--replay', '20200101_000000', '--json')).code).toBe(2);
    writeFileSync(limits, 'error_rat: 3\n');
    expect((await replay('--thresholds', limits)).code).toBe(78);
  });

  it('is promoted though a measure on trial is terrible, which stands in its record', async () => {
    const { code, lines } = await run('v3');
    expect(endOf(lines), JSON.stringify(lines)).toMatchObject({
      outcome: 'succeeded',
      version: { name: 'v3' },
    });
    expect(code).toBe(0);
    const trial = lines.filter(
      (line) => line.type === 'measure.read' && JSON.stringify(line).includes('trial'),
    );
    expect(trial.length).toBeGreaterThan(0);
    expect(trial[0]).toMatchObject({ verdict: { kind: 'failed' } });
    const id = String(lines.at(-1)?.deployment);
    const [record] = (await greeter.journey.run('history', id, '--json')).lines;
    expect(record).toMatchObject({
      measures: expect.arrayContaining([
        expect.objectContaining({ name: 'orders', baseline: expect.objectContaining({ value: 100 }) }),
        expect.objectContaining({ name: 'trial' }),
      ]),
    });
  });
});

describe('a deployment that Prometheus measures', () => {
  const skipped = leftOut('prometheus');
  let exporter: Upstream | undefined;
  let prometheus: Prometheus | undefined;
  let greeter: Greeter | undefined;
  let users: Users | undefined;

  beforeEach(({ skip }) => skip(skipped !== undefined, skipped));
  beforeAll(async () => {
    if (skipped !== undefined) return;
    exporter = await startUpstream('exporter', (_, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      const lines = Object.entries(orders).map(
        ([version, n]) => `failed_payments{version="${version}"} ${n}`,
      );
      response.end(`${lines.join('\n')}\n`);
    });
    prometheus = await startPrometheus(exporter.route.port);
    greeter = await makeGreeter({
      steps: '[50, 100]',
      metrics: `
      - { name: payments, source: prometheus, address: "${prometheus.address}", query: 'sum(failed_payments{version="{{version}}"})', compare: candidate-vs-stable, max_increase: 2, interval: 1s, for: 1s }`,
    });
    for (const name of ['v3', 'v4']) greeter.version(name);
    const first = await greeter.journey.run(...deploy('v1'));
    if (first.code !== 0) throw new Error(first.stdout + first.stderr);
    users = sendUsers(greeter.port);
    await users.answered(20);
  });
  afterAll(async () => {
    await users?.stop();
    await greeter?.journey.close();
    await prometheus?.kill();
    await exporter?.kill();
  });

  const run = async (version: string) => {
    if (!greeter) throw new Error('nothing was set up');
    return greeter.journey.run(...deploy(version));
  };

  it('P10 is taken back when it is worse than stable, and goes on when it is not', async () => {
    const worse = await run('v3');
    expect(endOf(worse.lines), worse.stdout).toMatchObject({
      outcome: 'rolled_back',
      reason: expect.stringMatching(/payments: 104 against stable’s 100, \+4 %/),
    });
    const better = await run('v4');
    expect(endOf(better.lines), better.stdout).toMatchObject({ outcome: 'succeeded' });
  });
});
