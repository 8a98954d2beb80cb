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
