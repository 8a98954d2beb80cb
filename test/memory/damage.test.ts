import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { savedSelectionSchema } from '../../src/domain/choice.ts';
import { deploymentRecordSchema } from '../../src/domain/deployment-record.ts';
import { environmentsSchema } from '../../src/domain/environments-document.ts';
import { OrchestraError } from '../../src/domain/errors.ts';
import { patternsSchema } from '../../src/domain/memory.ts';
import { configSchema } from '../../src/memory/config-document.ts';
import { paperFault } from '../../src/memory/checked-paper.ts';
import { CorruptDocument } from '../../src/memory/corrupt-document.ts';
import { parseReadable } from '../../src/memory/journal-lines.ts';
import { JsonFile } from '../../src/memory/json-file.ts';
import { count } from '../harness/counts.ts';
import { temporaryFolder, temporaryFolders } from '../harness/folder.ts';
import { aPast, openPast } from '../harness/past.ts';
import { randomFrom } from '../harness/random.ts';
import { World } from '../harness/world.ts';

const flips = 2000;
/** Through the whole program, which writes and syncs: so many damages of each kind. */
const throughDoor = 24;
const seed = 20260131;

const folder = temporaryFolders();
const past = temporaryFolder();
let id: string;
beforeAll(async () => {
  id = await aPast(past);
}, 120_000);

/** The damages of a file, each with what it is: cut at every length, and bytes turned into others by chance. */
function* damages(bytes: Buffer): Generator<[string, Buffer]> {
  for (let length = 0; length < bytes.length; length += 1)
    yield [`cut at ${length}`, bytes.subarray(0, length)];
  const random = randomFrom(seed);
  for (let n = 0; n < flips; n += 1) {
    const at = Math.floor(random() * bytes.length);
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(bytes.readUInt8(at) ^ (1 + Math.floor(random() * 255)), at);
    yield [`byte ${at} of seed ${seed}`, flipped];
  }
}

interface Kind {
  name: string;
  file: () => string;
  schema: z.ZodType;
  schemaName: string;
  checked: boolean;
}

const kinds: Kind[] = [
  {
    name: 'config',
    file: () => 'config.json',
    schema: configSchema,
    schemaName: 'orchestra/config@2',
    checked: false,
  },
  {
    name: 'patterns',
    file: () => 'patterns/deployment_patterns.json',
    schema: patternsSchema,
    schemaName: 'orchestra/patterns@1',
    checked: true,
  },
  {
    name: 'environments',
    file: () => 'environments.json',
    schema: environmentsSchema,
    schemaName: 'orchestra/environments@1',
    checked: true,
  },
  {
    name: 'selection',
    file: () => 'selection.json',
    schema: savedSelectionSchema,
    schemaName: 'orchestra/selection@1',
    checked: true,
  },
  {
    name: 'record',
    file: () => `history/${id}/deployment.json`,
    schema: deploymentRecordSchema,
    schemaName: 'orchestra/deployment@1',
    checked: true,
  },
];

async function look(
  json: JsonFile<unknown>,
  whole: unknown,
): Promise<'noticed' | 'the same' | 'refused' | 'other'> {
  try {
    const found = await json.read();
    return JSON.stringify(found) === JSON.stringify(whole) ? 'the same' : 'other';
  } catch (error) {
    if (error instanceof CorruptDocument) return 'noticed';
    if (error instanceof OrchestraError && error.code === 'newer-schema') return 'refused';
    throw error;
  }
}

describe('a document of which something is missing or changed', () => {
  it.each(kinds)(
    'M1 is noticed, at every length and for every byte: $name',
    async (kind) => {
      const file = path.join(folder(), 'document.json');
      const bytes = readFileSync(path.join(past, kind.file()));
      writeFileSync(file, bytes);
      const json = new JsonFile(file, kind.schema, kind.schemaName, { checked: kind.checked });
      const whole = await json.read();
      const seen = { noticed: 0, 'the same': 0, refused: 0, other: 0 };
      let tried = 0;
      for (const [what, damaged] of damages(bytes)) {
        writeFileSync(file, damaged);
        const found = await look(json, whole);
        seen[found] += 1;
        tried += 1;
        if (kind.checked && found !== 'noticed') expect([what, found]).toEqual([what, 'the same']);
        if (what.startsWith('cut') && damaged.toString('utf8').trim() !== bytes.toString('utf8').trim())
          expect([what, found]).toEqual([what, 'noticed']);
      }
      count(`damage: ${kind.name}`, {
        tried,
        noticed: seen.noticed,
        'the same': seen['the same'],
        'refused as newer': seen.refused,
        [kind.checked ? 'wrong' : 'taken for an edit']: seen.other,
      });
      expect(seen.noticed).toBeGreaterThan(bytes.length - 3);
    },
    120_000,
  );
});

describe('a journal of which something is missing or changed', () => {
  it('N4 never tells an event that was not written, and loses nothing before the place, at every length and for every byte', () => {
    const bytes = readFileSync(path.join(past, 'history', id, 'journal.ndjson'));
    const { events: whole, bad } = parseReadable(bytes, id);
    expect([bad, whole.length > 20]).toEqual([undefined, true]);
    const text = whole.map((event) => JSON.stringify(event));
    const ends = endsOfDecisions(bytes, whole);
    const seen = { cut: 0, damaged: 0, 'the same': 0 };
    let tried = 0;
    for (const [what, damaged] of damages(bytes)) {
      tried += 1;
      const { events, bad: found, newer } = parseReadable(damaged, id);
      const same = events.every((event, i) => JSON.stringify(event) === text[i]);
      expect([what, same, newer]).toEqual([what, true, undefined]);
      if (what.startsWith('cut')) {
        expect([what, found, events.length]).toEqual([
          what,
          undefined,
          ends.filter((end) => end.bytes <= damaged.length).at(-1)?.events ?? 0,
        ]);
      }
      seen[found !== undefined ? 'damaged' : events.length < whole.length ? 'cut' : 'the same'] += 1;
    }
    count('damage: journal', {
      tried,
      'torn end cut': seen.cut,
      noticed: seen.damaged,
      'the same': seen['the same'],
      wrong: 0,
    });
  }, 120_000);
});

/** After how many bytes and events each decision ends. */
function endsOfDecisions(bytes: Buffer, events: readonly { more?: true | undefined }[]) {
  const ends: { bytes: number; events: number }[] = [];
  let from = 0;
  for (const [i, event] of events.entries()) {
    from = bytes.indexOf(10, from) + 1;
    if (event.more !== true) ends.push({ bytes: from, events: i + 1 });
  }
  return ends;
}

describe('what stands between processes', () => {
  it('T4 a lock of which a byte changed is never somebody else’s, at every length and for every byte', async () => {
    const world = new World();
    try {
      const owner = { name: 'Ana', face: 'cli' } as const;
      await world.lock.acquire({ environment: 'production', owner, reason: 'deploy' }, async () => false);
      const file = path.join(world.dir, 'env/production/lock/1.json');
      const whole = await world.lock.read('production');
      const bytes = readFileSync(file);
      const seen = { tried: 0, noticed: 0, 'the same': 0, wrong: 0 };
      for (const [what, damaged] of damages(bytes)) {
        writeFileSync(file, damaged);
        const found = await world.lock.read('production').catch((error: OrchestraError) => error.code);
        seen.tried += 1;
        seen[found === 'bad-lock' ? 'noticed' : 'the same'] += 1;
        if (found !== 'bad-lock') expect([what, found]).toEqual([what, whole]);
      }
      count('damage: lock', seen);
    } finally {
      world.remove();
    }
  }, 120_000);

  it('T4 a request of which a byte changed is dropped, and never another one', async () => {
    const world = new World();
    try {
      const request = {
        id: '5f0c1f0e-6f2a-4c39-9a53-0c5a1f0e6f2a',
        command: { kind: 'pause' },
        by: { name: 'Ana', face: 'cli' },
        why: 'lunch',
      } as const;
      const inbox = path.join(world.dir, 'current', '20260131_142500', 'inbox');
      mkdirSync(inbox, { recursive: true });
      await world.journals.send('20260131_142500', request);
      const [name = ''] = readdirSync(inbox);
      const bytes = readFileSync(path.join(inbox, name));
      const seen = { tried: 0, noticed: 0, 'the same': 0, wrong: 0 };
      for (const [what, damaged] of damages(bytes)) {
        writeFileSync(path.join(inbox, name), damaged);
        const found = await world.journals.inbox('20260131_142500');
        seen.tried += 1;
        seen[found.length === 0 ? 'noticed' : 'the same'] += 1;
        if (found.length > 0) expect([what, found]).toEqual([what, [request]]);
      }
      count('damage: request', seen);
    } finally {
      world.remove();
    }
  }, 120_000);
});

it('M1 a learning report of which a byte changed is not shown, at every length and for every byte', () => {
  const bytes = readFileSync(path.join(past, 'history', id, 'learning_report.json'));
  const name = 'learning_report.json';
  const whole = bytes.toString('utf8');
  expect(paperFault(name, whole)).toBeUndefined();
  const { checksum: _, ...said } = JSON.parse(whole);
  const seen = { tried: 0, noticed: 0, 'the same': 0, wrong: 0 };
  for (const [what, damaged] of damages(bytes)) {
    const text = damaged.toString('utf8');
    const fault = paperFault(name, text);
    seen.tried += 1;
    seen[fault === undefined ? 'the same' : 'noticed'] += 1;
    if (fault === undefined) expect([what, JSON.parse(text)]).toMatchObject([what, said]);
  }
  count('damage: report', seen);
});

it('M1 a damaged learning report is said once, and stays', async () => {
  const dir = damagedPast(`history/${id}/learning_report.json`, (file) => truncateSync(file, 40));
  const memory = openPast(dir);
  expect(await memory.readDocument(id, 'learning_report.json')).toBeUndefined();
  expect(memory.takeWarnings()).toEqual([expect.stringContaining('is not shown')]);
});

/** A copy of the past with one file damaged. */
function damagedPast(file: string, damage: (file: string) => void): string {
  const dir = folder();
  cpSync(past, dir, { recursive: true });
  damage(path.join(dir, file));
  return dir;
}

/** What the whole memory says. */
async function told(dir: string) {
  const memory = openPast(dir);
  const { user_preferences, statistics } = await memory.preferences();
  return {
    user_preferences,
    statistics,
    patterns: await memory.patterns(),
    environments: await memory.environments(),
    record: await memory.record(id),
    warnings: memory.takeWarnings(),
  };
}

const strange: [string, (file: string) => void][] = [
  ['empty', (file) => writeFileSync(file, '')],
  ['zeros', (file) => writeFileSync(file, Buffer.alloc(512))],
  ['a hundred megabytes', (file) => truncateSync(file, 100_000_000)],
  ['a list', (file) => writeFileSync(file, '[]')],
  ['nested too deep', (file) => writeFileSync(file, `{"a":${'['.repeat(100_000)}`)],
  [
    'a folder',
    (file) => {
      rmSync(file);
      mkdirSync(file);
    },
  ],
  [
    'a pipe',
    (file) => {
      rmSync(file);
      execFileSync('mkfifo', [file]);
    },
  ],
];

describe('the memory after damage', () => {
  const files = ['config', 'patterns', 'environments', 'record'];
  const damaged = kinds.filter(({ name }) => files.includes(name));

  it.each(damaged)(
    'M1 says the same as before, and what was damaged is kept: $name',
    async (kind) => {
      const before = await told(past);
      expect(before.warnings).toEqual([]);
      const file = kind.file();
      const bytes = readFileSync(path.join(past, file));
      const all = [...damages(bytes)].filter(
        ([what, now]) => what.startsWith('cut') && now.length < bytes.length - 1,
      );
      const some = all.filter((_, i) => i % Math.ceil(all.length / throughDoor) === 0);
      const ways = [
        ...some.map(([what, now]) => [what, (name: string) => writeFileSync(name, now)] as const),
        ...strange,
      ];
      for (const [what, damage] of ways) {
        const dir = damagedPast(file, damage);
        const { warnings, ...after } = await told(dir);
        const { warnings: _, ...rest } = before;
        expect(after, what).toEqual(rest);
        expect(warnings.length, what).toBe(1);
        expect(warnings[0], what).toContain('.corrupt-20260201T080000Z');
        expect(existsSync(`${path.join(dir, file)}.corrupt-20260201T080000Z`), what).toBe(true);
        expect((await told(dir)).warnings, `${what}, once`).toEqual([]);
        rmSync(dir, { recursive: true, force: true });
      }
      count(`recovered: ${kind.name}`, { tried: ways.length, 'the same as before': ways.length });
    },
    240_000,
  );

  it.each(strange)('M1 begins a choice anew where its file is %s', async (_, damage) => {
    const memory = openPast(damagedPast('selection.json', damage));
    expect(await memory.selection()).toBeUndefined();
    expect(memory.takeWarnings()).toHaveLength(1);
  });
});
