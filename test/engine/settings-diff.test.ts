import { expect, it } from 'vitest';
import { settingsSchema } from '../../src/domain/settings.ts';
import { diffSettings } from '../../src/engine/settings-diff.ts';

const settings = (service: object, target: object) =>
  settingsSchema.parse({
    version: 1,
    project: 'shop',
    services: { web: { start: 'node app.mjs', ...service } },
    environments: { production: { port: 4999, ...target } },
  });

it('names every variable of the machine that a command or a check is newly given', () => {
  const after = settings(
    { requires: [{ name: 'db', tcp: '${DB_HOST}:5432' }] },
    {
      hooks: { before_deploy: [{ run: 'true', env: ['CLOUD_KEY'] }] },
      smoke: [
        { name: 'home', path: '/', headers: { authorization: '${SMOKE_TOKEN}' } },
        { name: 'own', run: 'true', env: ['OWN_KEY'] },
      ],
    },
  );
  expect(diffSettings(settings({}, {}), after, 'production').variables.toSorted()).toEqual([
    'CLOUD_KEY',
    'DB_HOST',
    'OWN_KEY',
    'SMOKE_TOKEN',
  ]);
});

it('says that a hook that could stop a deployment is given another variable', () => {
  const hook = (env: string[]) => ({ hooks: { before_deploy: [{ run: 'true', env }] } });
  const before = settings({}, hook([]));
  const { loosened } = diffSettings(before, settings({}, hook(['CLOUD_KEY'])), 'production').settings;
  expect(loosened).toEqual(['the hook before_deploy asks something else']);
});

it('G5 says sizes and durations as people write them, also inside a list', () => {
  const before = settings({}, { pause_timeout: '90s', thresholds: { memory_limit: '1.5 GB' } });
  const after = settings(
    { health: { path: '/healthz', interval: '1500ms' } },
    {
      pause_timeout: '5m',
      thresholds: { memory_limit: '300MB' },
      keep_old_for: '24h',
      smoke: [{ name: 'home', path: '/', timeout: '2s' }],
    },
  );
  const { changed } = diffSettings(before, after, 'production').settings;
  const said = new Map(changed.map(({ key, before: was, after: is }) => [key, [was, is]]));
  expect(said.get('environments.production.pause_timeout')).toEqual(['90s', '5m']);
  expect(said.get('environments.production.thresholds.memory_limit')).toEqual(['1.5GB', '300MB']);
  expect(said.get('environments.production.keep_old_for')).toEqual([null, '24h']);
  expect(said.get('services.web.health.interval')?.[1]).toBe('1500ms');
  expect(said.get('environments.production.smoke')?.[1]).toContain('"timeout":"2s"');
});
