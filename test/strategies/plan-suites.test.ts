import { expect, it } from 'vitest';
import { settingsSchema } from '../../src/domain/settings.ts';
import { planSuites } from '../../src/strategies/plan-suites.ts';

it('S4 freezes where each suite writes its report, and in what', () => {
  const settings = settingsSchema.parse({
    version: 1,
    project: 'shop',
    services: { web: { start: 'node app.mjs' } },
    environments: { production: {} },
    suites: [
      { name: 'unit', run: 'a', report: 'out/unit.xml' },
      { name: 'smoke', run: 'b', report: { path: 'out/*.txt', format: 'tap' } },
      { name: 'other', run: 'c' },
    ],
  });
  const target = settings.environments['production'];
  if (!target) throw new TypeError('no production');
  expect(planSuites(settings, target).map(({ report }) => report)).toEqual([
    { path: 'out/unit.xml' },
    { path: 'out/*.txt', format: 'tap' },
    undefined,
  ]);
});
