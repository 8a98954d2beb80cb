import { describe, expect, it } from 'vitest';
import { md } from '../../src/domain/markdown.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { settingsSchema } from '../../src/domain/settings.ts';
import { weightsAt } from '../../src/domain/places.ts';
import { assemblePlan, type PlanRequest } from '../../src/strategies/plan.ts';

const app = { start: 'node app.mjs' };
const oneService = { web: app };
const shop = {
  web: { ...app, depends_on: ['api'] },
  api: { ...app, depends_on: ['db-proxy'] },
  'db-proxy': app,
};

function planOf(services: object, production: object, change: Partial<PlanRequest> = {}): Plan {
  const environments = { production: { strategy: 'canary', ...production } };
  const settings = settingsSchema.parse({ version: 1, project: 'shop', services, environments });
  const target = settings.environments['production'];
  if (!target) throw new TypeError('no environment');
  return assemblePlan({
    settings,
    settingsHash: 'h',
    environment: 'production',
    target,
    kind: 'deploy',
    stable: 'v1',
    candidate: 'v2',
    flag: undefined,
    risk: 'medium',
    autoRollbackThreshold: 5,
    productionBranch: undefined,
    ...change,
  });
}

const keysOf = ({ places }: Plan) => places?.map(({ key }) => key);
const three = { port: 8080, services: { api: { port: 8081 }, 'db-proxy': { port: 8082 } } };

it('S3 a plan says how to go back by hand in words that every paper shows as they are', () => {
  const lines = planOf(oneService, { port: 8080 }).rollback;
  expect(lines.join('\n')).toContain('"orchestrate deploy abort --env production"');
  expect(lines.map((line) => md(line))).toEqual(lines);
});

describe('T5 the places of a plan', () => {
  it('are none for one service without regions: the plan is as it was', () => {
    const plan = planOf(oneService, { port: 8080 });
    expect(plan.places).toBeUndefined();
    expect(plan.phases.every(({ places }) => places === undefined)).toBe(true);
    expect(plan).toMatchObject({ host: '127.0.0.1', port: 8080, service: { name: 'web' } });
  });

  it('come dependencies first, each told where those it depends on answer', () => {
    const plan = planOf(shop, three);
    expect(keysOf(plan)).toEqual(['production.db-proxy', 'production.api', 'production.web']);
    const [db, api, web] = plan.places ?? [];
    expect(web?.service.variables).toEqual({
      API_URL: 'http://127.0.0.1:8081',
      API_HOST: '127.0.0.1',
      API_PORT: '8081',
    });
    expect(api?.service.variables).toMatchObject({ DB_PROXY_URL: 'http://127.0.0.1:8082' });
    expect(db?.service.variables).toEqual({});
    expect(plan).toMatchObject({ port: 8082, service: { name: 'db-proxy' } });
  });

  it('move region by region in the order written, all services of one together', () => {
    const regions = [{ name: 'us' }, { name: 'eu', host: '127.0.0.2' }];
    const plan = planOf(shop, { ...three, canary: { steps: [10, 100] }, regions });
    expect(plan.phases.map(({ name, places }) => [name, places])).toEqual(
      ['us', 'eu'].flatMap((region) =>
        [10, 100].map((weight) => [
          `${region}: canary ${weight} %`,
          ['db-proxy', 'api', 'web'].map((name) => `production.${region}.${name}`),
        ]),
      ),
    );
    const shares = (phase: number) => [...weightsAt(plan, phase).values()];
    expect([0, 1, 2, 3].map(shares)).toEqual([
      [10, 10, 10, 0, 0, 0],
      [100, 100, 100, 0, 0, 0],
      [100, 100, 100, 10, 10, 10],
      [100, 100, 100, 100, 100, 100],
    ]);
    expect(plan.places?.[5]?.service.variables).toMatchObject({ API_URL: 'http://127.0.0.2:8081' });
  });

  it('all go back at once: a rollback and a first deployment skip regions as they skip steps', () => {
    const regional = { ...three, regions: [{ name: 'us' }, { name: 'eu', host: '127.0.0.2' }] };
    for (const change of [{ kind: 'rollback' as const }, { stable: null }]) {
      const plan = planOf(shop, regional, change);
      expect(plan.phases).toMatchObject([{ weight: 100 }]);
      expect([...weightsAt(plan, 0).values()]).toEqual([100, 100, 100, 100, 100, 100]);
    }
  });

  it('keep the key of what runs already when a service comes, and the new one is fresh', () => {
    const before = planOf(oneService, { port: 8080 });
    const plan = planOf({ web: { ...app, depends_on: ['api'] }, api: app }, three, { before });
    expect(plan.places?.map(({ key, fresh }) => [key, fresh])).toEqual([
      ['production.api', true],
      ['production', undefined],
    ]);
    expect(plan.notes.join(' ')).toContain('api is new here');
  });

  it('keep their key when a region gets a name, by where their users are', () => {
    const before = planOf(oneService, { port: 8080 });
    const regions = [{ name: 'eu' }, { name: 'us', port: 8090 }];
    expect(keysOf(planOf(oneService, { port: 8080, regions }, { before }))).toEqual([
      'production',
      'production.us.web',
    ]);
  });

  it('retire what is not in the settings any more, and say so', () => {
    const before = planOf(shop, three);
    const plan = planOf(oneService, { port: 8080 }, { before });
    expect(plan.places?.map(({ key, retired }) => [key, retired])).toEqual([
      ['production.web', undefined],
      ['production.db-proxy', true],
      ['production.api', true],
    ]);
    expect(plan).toMatchObject({ port: 8080, service: { name: 'web' } });
    expect(plan.notes.join(' ')).toContain('api is not part of it any more');
  });

  it('R1 are those of the version that is returned to', () => {
    const again = planOf(oneService, { port: 8080 });
    const now = planOf({ web: { start: 'node new.mjs' }, api: app }, three, { before: again });
    const back = planOf({ web: { start: 'node new.mjs' }, api: app }, three, {
      kind: 'rollback',
      before: now,
      again,
    });
    expect(back.places?.map(({ key, retired, service }) => [key, retired, service.start])).toEqual([
      ['production', undefined, 'node app.mjs'],
      ['production.api', true, 'node app.mjs'],
    ]);
  });

  it('T1 have as many copies as the place says, else the environment, else the service', () => {
    const services = { ...shop, api: { ...shop.api, instances: 2 } };
    const target = { ...three, services: { ...three.services, 'db-proxy': { port: 8082, instances: 3 } } };
    const copies = (more: object) =>
      planOf(services, { ...target, ...more }).places?.map(({ service }) => service.instances ?? 1);
    expect(copies({})).toEqual([3, 2, 1]);
    expect(copies({ instances: 4 })).toEqual([3, 4, 4]);
  });

  it('T1 replace their copies together in one region, and are refused to do so in several', () => {
    const regions = [{ name: 'us' }, { name: 'eu', host: '127.0.0.2' }];
    expect(planOf(shop, { ...three, strategy: 'rolling', instances: 4 }).phases.length).toBe(2);
    for (const strategy of ['rolling', 'recreate'])
      expect(() => planOf(shop, { ...three, strategy, regions })).toThrow(
        expect.objectContaining({
          code: 'strategy-cannot',
          exit: 78,
          hint: expect.stringContaining('canary'),
        }),
      );
  });

  it('G2 G3 have the checks of their own service, and smoke tests of the one that users reach', () => {
    const db = { name: 'db', tcp: 'db:5432' };
    const services = {
      ...shop,
      api: { ...shop.api, requires: [db] },
      'db-proxy': { ...app, requires: [db] },
    };
    const smoke = [
      { name: 'home', path: '/' },
      { name: 'ping', path: '/', service: 'api' },
    ];
    const plan = planOf(services, { ...three, smoke });
    expect(plan.actions?.map(({ name, service }) => [name, service])).toEqual([
      ['configuration', undefined],
      ['db of db-proxy', 'db-proxy'],
      ['db of api', 'api'],
      ['home', 'web'],
      ['ping', 'api'],
    ]);
  });
});
