import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src/domain/settings.ts';
import { environmentBefore } from '../../src/domain/environment-before.ts';

const settings = (environments: Record<string, { after?: string }>) =>
  settingsSchema.parse({
    version: 1,
    project: 'shop',
    services: { web: { start: 'node app.mjs' } },
    environments: Object.fromEntries(
      Object.entries(environments).map(([name, own], i) => [name, { port: 4000 + i, ...own }]),
    ),
  });

describe('G1 what has to come before an environment', () => {
  const all = settings({ development: {}, staging: { after: 'development' }, production: {} });

  it('is what its `after` names, whatever the preference', () => {
    const chain = settings({ qa: {}, live: { after: 'qa' } });
    expect(environmentBefore(chain, 'live', false)).toEqual({ before: 'qa' });
  });

  it('is staging where the preference asks for it', () => {
    expect(environmentBefore(all, 'production', true)).toEqual({ before: 'staging' });
    expect(environmentBefore(all, 'production', false)).toEqual({
      none: 'nothing has to come before production',
    });
  });

  it('is nothing, with its reason, where no staging exists', () => {
    expect(environmentBefore(settings({ production: {} }), 'production', true)).toEqual({
      none: 'orchestra.yaml has no environment staging',
    });
  });

  it.each(['staging', 'development'])('is not staging itself for %s, which is not behind it', (name) => {
    const found = environmentBefore(all, name, true);
    expect(found).toEqual(
      name === 'staging' ? { before: 'development' } : { none: 'development does not come after staging' },
    );
  });

  it('comes to an end where environments name each other', () => {
    const circle = settings({ staging: { after: 'qa' }, qa: { after: 'staging' }, production: {} });
    expect(environmentBefore(circle, 'production', true)).toEqual({ before: 'staging' });
  });
});
