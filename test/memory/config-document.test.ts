import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { placeOfError } from '../../src/memory/json-place.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { stoppedClock } from '../harness/clock.ts';
import { aRollback, aSuccess } from '../harness/deployment.ts';
import { temporaryFolders } from '../harness/folder.ts';

const folder = temporaryFolders();
const open = (dir: string) => openMemory({ dir, clock: stoppedClock() });
const aside = 'config.json.corrupt-20260201T080000Z';

/** A repository in which a person decided something, and one deployment succeeded. */
async function decided() {
  const dir = folder();
  const file = path.join(dir, 'config.json');
  writeFileSync(
    file,
    '{"schema":"orchestra/config@2","team":"shop","user_preferences":{"max_features_per_deployment":7,"require_staging":true,"colour":"blue"}}',
  );
  await open(dir).archive(aSuccess());
  return { dir, file, text: readFileSync(file, 'utf8') };
}

describe('a config.json that somebody edited', () => {
  it('M1 with a wrong value keeps all the others, and names that one', async () => {
    const { dir, file, text } = await decided();
    const edited = text.replace(': 7', ': "seven"').replace(': true', ': 1e999');
    writeFileSync(file, edited);
    const memory = open(dir);
    expect(await memory.preferences()).toMatchObject({
      team: 'shop',
      user_preferences: { max_features_per_deployment: 15, require_staging: false, colour: 'blue' },
      statistics: { deployments: 1, succeeded: 1 },
    });
    expect(memory.takeWarnings()).toEqual([
      expect.stringContaining(
        `the file was moved to ${aside} and all was kept but user_preferences.max_features_per_deployment ("seven"), user_preferences.require_staging (Infinity): there the default is in force again`,
      ),
    ]);
    expect(readFileSync(path.join(dir, aside), 'utf8')).toBe(edited);
    await open(dir).preferences();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ team: 'shop' });
  });

  it('M1 with a slip says line and column, and takes the preferences from the last good copy', async () => {
    const { dir, file, text } = await decided();
    utimesSync(`${file}.last-good`, 1_769_900_000, 1_769_900_000);
    await open(dir).archive(aRollback('20260201_142500'));
    writeFileSync(file, text.replace('"require_staging": true,', '"require_staging": true'));
    const memory = open(dir);
    expect(await memory.preferences()).toMatchObject({
      team: 'shop',
      user_preferences: { max_features_per_deployment: 7, require_staging: true, colour: 'blue' },
      statistics: { deployments: 2, succeeded: 1, rolled_back: 1 },
    });
    const [said] = memory.takeWarnings();
    expect(said).toMatch(/^config\.json could not be read \(not JSON at line \d+, column \d+: /);
    expect(said).toContain(
      'the preferences are those of config.json.last-good, as they were at 2026-01-31T22:53:20.000Z; statistics are counted anew',
    );
  });

  it('M1 begins anew where there is no copy, and says that', async () => {
    const { dir, file } = await decided();
    rmSync(`${file}.last-good`);
    writeFileSync(file, '{');
    const memory = open(dir);
    expect(await memory.preferences()).toMatchObject({
      user_preferences: { max_features_per_deployment: 15 },
      statistics: { deployments: 1 },
    });
    expect(memory.takeWarnings()).toEqual([
      expect.stringContaining('there is no good copy of it: preferences begin anew'),
    ]);
  });

  it('M1 keeps what can be made out of a text with a slip where there is no copy, and says that it is to be looked over', async () => {
    const dir = folder();
    writeFileSync(
      path.join(dir, 'config.json'),
      '{\n  "schema": "orchestra/config@2",\n  "user_preferences": {\n    "max_features_per_deployment": 9,\n    "require_staging": yes\n  },\n}\n',
    );
    const memory = open(dir);
    expect((await memory.preferences()).user_preferences).toMatchObject({
      max_features_per_deployment: 9,
      require_staging: false,
    });
    expect(memory.takeWarnings()).toEqual([
      expect.stringMatching(
        /line 5, column 24.*could be made out of its text was kept, look it over; all was kept but user_preferences\.require_staging \("yes"\)/,
      ),
    ]);
  });

  it('M1 of version 1 with a wrong value goes up with the rest', async () => {
    const dir = folder();
    writeFileSync(
      path.join(dir, 'config.json'),
      '{"schema":"orchestra/config@1","team":"shop","user_preferences":{"require_staging":"yes","max_features_per_deployment":3}}',
    );
    expect(await open(dir).preferences()).toMatchObject({
      schema: 'orchestra/config@2',
      team: 'shop',
      user_preferences: { require_staging: false, max_features_per_deployment: 3 },
    });
  });

  it.each([
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['a key twice: the last one counts', (text: string) => text.replace('{', '{"team":"other",')],
    [
      'keys of the prototype',
      (text: string) => text.replace('{', '{"__proto__":{"team":"x"},"constructor":{},'),
    ],
  ])('is read with %s', async (_, edit) => {
    const { dir, file, text } = await decided();
    writeFileSync(file, edit(text));
    const memory = open(dir);
    expect(await memory.preferences()).toMatchObject({ team: 'shop', user_preferences: { colour: 'blue' } });
    expect(memory.takeWarnings()).toEqual([]);
    expect(Object.getPrototypeOf({})).not.toHaveProperty('team');
  });
});

describe('the place where a text stops being JSON', () => {
  it.each([
    ['{\n  "a": 1,\n}', 'line 3, column 1'],
    ['{\n  "a": oops\n}', 'line 2, column 8'],
    ['{"a" 1}', 'line 1, column 6'],
    ['{"a": 1', 'line 1, column 8'],
    ['[1 2]', 'line 1, column 4'],
    ['{"a": [}', 'line 1, column 8'],
    ["{'a': 1}", 'line 1, column 2'],
    ['{"a": 1} x', 'line 1, column 10'],
    ['{"a": "b\n"}', 'line 1, column 7'],
  ])('%j: %s', (text, place) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(placeOfError(text)).toBe(place);
  });
});
