import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { gatesSettingsSchema } from '../../src/domain/gate-settings.ts';
import { gates } from '../../src/gates/registry.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/gates.md', import.meta.url)), 'utf8');

it.each(gates.filter(({ when }) => when === 'before').map(({ id }) => id))(
  'docs/gates.md has a row for the gate %s',
  (id) => {
    expect(page).toContain(`\n| \`${id}\` |`);
  },
);

it('every gate has its settings, and every row its gate', () => {
  const ids: string[] = gates.map(({ id }) => id);
  expect(Object.keys(gatesSettingsSchema.shape).filter((key) => !ids.includes(key))).toEqual([]);
  const rows = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, id]) => id ?? '');
  expect(rows.filter((id) => !ids.includes(id))).toEqual([]);
});
