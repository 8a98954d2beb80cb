import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endOf } from '../harness/journey.ts';
import { makeTwoServices, type TwoServices } from '../harness/two-services.ts';
import { sendUsers, type Users } from '../harness/users.ts';

const headless = ['--yes', '--no-input', '--json'];

describe('T5 two services in two regions behind a staging environment', () => {
  let shop: TwoServices;
  const users: Users[] = [];
  const testers: Users[] = [];

  beforeAll(async () => {
    shop = await makeTwoServices();
    for (const name of ['v2', 'bad']) shop.version(name, name === 'bad' ? 60 : 0);
  });
  afterAll(async () => {
    for (const each of [...users, ...testers]) await each.stop();
    await shop.journey.close();
  });

  const deploy = (environment: string, ...more: string[]) =>
    shop.journey.run('deploy', environment, ...more, ...headless);
  /** What users of each region see now. */
  const seen = () =>
    Promise.all(
      users.map(async (each) => {
        await each.answered(60);
        return [...new Set(each.last(30))];
      }),
    );
  const failures = () => users.flatMap((each) => each.failures);

  it('G1 nothing goes to production that was not in staging first', async () => {
    const refused = await deploy('production', '--version', 'v1');
    expect(refused.code).toBe(4);
    expect(refused.lines).toMatchObject([{ error: { code: 'staging-not-verified' } }]);
    expect(refused.stdout).toContain('orchestrate deploy production --from staging');
    const planned = await deploy('production', '--version', 'v1', '--dry-run');
    expect(planned.stdout).toContain('It cannot start: this candidate has not been through staging');
  });

  it('are started dependencies first, and told where their siblings answer', async () => {
    expect((await deploy('staging', '--version', 'v1')).code).toBe(0);
    // What nobody uses cannot prove itself: a check keeps asking staging.
    testers.push(sendUsers(shop.ports.staging.web, 40));
    const first = await deploy('production', '--from', 'staging');
    expect([first.code, first.stderr]).toEqual([0, expect.anything()]);
    expect(endOf(first.lines)).toMatchObject({ outcome: 'succeeded', version: { name: 'v1' } });
    users.push(sendUsers(shop.ports.web, 60), sendUsers(shop.ports.usWeb, 60));
    expect(await seen()).toEqual([['v1+v1'], ['v1+v1']]);
  });

  it('go through staging as one', async () => {
    const ran = await deploy('staging', '--version', 'v2');
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'succeeded', version: { name: 'v2' } });
  });

  it('roll out region by region, and no request fails', async () => {
    const ran = await deploy('production', '--version', 'v2');
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'succeeded', version: { name: 'v2' } });
    expect(ran.lines.filter(({ type }) => type === 'weight.set').map((e) => e['places'])).toEqual(
      [
        [20, 0],
        [100, 0],
        [100, 20],
        [100, 100],
      ].map(([eu, us]) => ({
        'production.eu.api': eu,
        'production.eu.web': eu,
        'production.us.api': us,
        'production.us.web': us,
      })),
    );
    expect(await seen()).toEqual([['v2+v2'], ['v2+v2']]);
    expect(failures()).toEqual([]);
  });

  it('all go back when one service is bad, and the reason names it', async () => {
    expect((await deploy('staging', '--version', 'bad')).code).toBe(0);
    const ran = await deploy('production', '--from', 'staging');
    expect(ran.code).toBe(3);
    expect(endOf(ran.lines)).toMatchObject({
      outcome: 'rolled_back',
      reason: expect.stringMatching(/^api in eu: /),
      version: { name: 'v2' },
    });
    expect(await seen()).toEqual([['v2+v2'], ['v2+v2']]);
    // `web` itself never failed: it says what `api` answered.
    expect(failures()).toEqual([]);
  });

  it('status and environments.json say what runs where', async () => {
    const status = await shop.journey.run('status', '--json');
    expect(status.lines[0]).toMatchObject({
      environments: [
        { name: 'staging', serving: true },
        {
          name: 'production',
          serving: true,
          deployed: { name: 'v2' },
          runs: { verified: true },
          places: ['eu', 'eu', 'us', 'us'].map((region) => ({ region, serving: true })),
        },
      ],
    });
    const document: unknown = JSON.parse(
      readFileSync(path.join(shop.journey.memory, 'environments.json'), 'utf8'),
    );
    expect(document).toMatchObject({
      schema: 'orchestra/environments@1',
      environments: {
        staging: { version: { name: 'bad' } },
        production: {
          version: { name: 'v2' },
          verified: true,
          places: [{ service: 'api', region: 'eu' }, {}, {}, {}],
        },
      },
    });
  });

  it('R1 return to the version before at once, in every place', async () => {
    const ran = await shop.journey.run('deploy', 'rollback', '--env', 'production', ...headless);
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'succeeded', version: { name: 'v1' } });
    expect(await seen()).toEqual([['v1+v1'], ['v1+v1']]);
    expect(failures()).toEqual([]);
  });
});
