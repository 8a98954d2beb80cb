import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freeServerPort } from '../../providers/runtime/free-port.ts';
import { endOf } from '../harness/journey.ts';
import { makeTwoServices, type TwoServices } from '../harness/two-services.ts';
import { sendUsers, type Users } from '../harness/users.ts';

const headless = ['--yes', '--no-input', '--json'];

describe('T1 T5 several copies of two services', () => {
  let shop: TwoServices;
  let users: Users | undefined;
  let port = 0;

  beforeAll(async () => {
    shop = await makeTwoServices();
    port = await freeServerPort();
    const api = await freeServerPort();
    appendFileSync(
      path.join(shop.journey.repository, 'orchestra.yaml'),
      `  lab:
    port: ${port}
    instances: 3
    services: { api: { port: ${api}, instances: 2 } }
    strategy: rolling
    rolling: { bake: 1s }
    recreate: { bake: 1s }
    thresholds: { minimum_sample: 5, latency_window: 60s, latency_increase: 300, latency_tolerance: 5s }
    measure_every: 200ms
    pause_timeout: 5s
    smoke:
      - { name: home, path: /, contains: '+' }
      - { name: version, path: /, service: api, contains: v }
`,
    );
    shop.version('v2');
    shop.version('w3');
    shop.version('v4');
  });
  afterAll(async () => {
    await users?.stop();
    await shop.journey.close();
  });

  const deploy = (...more: string[]) => shop.journey.run('deploy', 'lab', ...more, ...headless);
  const seen = async () => {
    await users?.answered(60);
    return [...new Set(users?.last(30))];
  };

  it('the first version starts all of them', async () => {
    const ran = await deploy('--version', 'v1');
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'succeeded' });
    users = sendUsers(port, 60);
    expect(await seen()).toEqual(['v1+v1']);
  });

  it('rolling replaces both together, batch by batch, and no request fails', async () => {
    const ran = await deploy('--version', 'v2');
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'succeeded', version: { name: 'v2' } });
    const scaled = ran.lines
      .filter(({ type }) => type === 'scaled')
      .map((e) => [e['candidate'], e['stable']]);
    expect(scaled.at(-1)).toEqual([5, 0]);
    expect(await seen()).toEqual(['v2+v2']);
    expect(users?.failures).toEqual([]);
  });

  it('G3 a smoke test of one service keeps the whole version from users', async () => {
    const ran = await deploy('--version', 'w3');
    expect(endOf(ran.lines)).toMatchObject({
      outcome: 'rolled_back',
      reason: expect.stringContaining('smoke test version failed'),
    });
    expect(await seen()).toEqual(['v2+v2']);
    expect(users?.failures).toEqual([]);
  });

  it('recreate stops both, then starts both', async () => {
    const ran = await deploy('--version', 'v4', '--strategy', 'recreate');
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'succeeded', version: { name: 'v4' } });
    expect(await seen()).toEqual(['v4+v4']);
  });

  it('R1 returns to the version before, all copies of both', async () => {
    const ran = await shop.journey.run('deploy', 'rollback', '--env', 'lab', ...headless);
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'succeeded', version: { name: 'v2' } });
    expect(await seen()).toEqual(['v2+v2']);
  });

  it('rolling is refused where there are several regions', async () => {
    const ran = await shop.journey.run(
      'deploy',
      'production',
      '--version',
      'v2',
      '--strategy',
      'rolling',
      ...headless,
    );
    expect(ran.code).toBe(78);
    expect(ran.stdout).toContain('strategy-cannot');
  });
});
