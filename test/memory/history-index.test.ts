import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/domain/event.ts';
import { statisticsOf } from '../../src/domain/statistics.ts';
import { linesOf, checkedLine } from '../../src/memory/history/checked-lines.ts';
import { openIndexFiles } from '../../src/memory/history/index-files.ts';
import { IndexView } from '../../src/memory/history/index-view.ts';
import { compacted } from '../../src/memory/history/index-writing.ts';
import type { Entry } from '../../src/memory/history/entries.ts';
import { HistoryRows } from '../../src/memory/history/history-rows.ts';
import { further, totalsOf } from '../../src/memory/history/totals.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { stoppedClock } from '../harness/clock.ts';
import { aRollback, aSuccess } from '../harness/deployment.ts';
import { temporaryFolders } from '../harness/folder.ts';
import { pastRow } from '../harness/history.ts';

const folder = temporaryFolders();
const open = (dir: string) => openMemory({ dir, clock: stoppedClock() });
const ids = async (dir: string) => (await open(dir).history()).map(({ id }) => id);
const indexFile = (dir: string, n = 1) => path.join(dir, `index/history-00000${n}.ndjson`);

async function withThree(): Promise<string> {
  const dir = folder();
  for (const day of ['31', '30', '29']) await open(dir).archive(aSuccess(`202601${day}_142500`));
  return dir;
}
const three = ['20260131_142500', '20260130_142500', '20260129_142500'];

describe('a line of the index', () => {
  it('M9 says of every cut and every flipped bit that it is not whole', () => {
    const line = Buffer.from(checkedLine({ kind: 'gone', ids: ['20260131_142500'], title: 'größer' }));
    expect([...linesOf(line)].map(({ kind }) => kind)).toEqual(['whole']);
    for (let end = 2; end < line.length; end += 1)
      expect([...linesOf(line.subarray(0, end))].map(({ kind }) => kind)).toEqual(['torn']);
    for (let i = 1; i < line.length; i += 1)
      for (const bit of [1, 4, 64]) {
        const flipped = Buffer.from(line);
        flipped[i] = (flipped[i] ?? 0) ^ bit;
        const kinds = [...linesOf(flipped)].map(({ kind }) => kind);
        expect(kinds, `bit ${bit} of byte ${i}`).not.toContain('whole');
      }
  });
});

describe('the history index', () => {
  it('M9 an archive appends one line and reads nothing else', async () => {
    const dir = await withThree();
    const before = readFileSync(indexFile(dir), 'utf8');
    await open(dir).archive(aRollback('20260128_142500'));
    const after = readFileSync(indexFile(dir), 'utf8');
    expect(after.startsWith(before)).toBe(true);
    expect(after.slice(before.length).split('\n')).toHaveLength(2);
  });

  it('N4 a line that was not written whole is made up for from the record, and that is said once', async () => {
    for (const kept of [1, 5, 40, 300]) {
      const dir = await withThree();
      const text = readFileSync(indexFile(dir), 'utf8');
      const end = text.lastIndexOf('\n') + kept;
      writeFileSync(indexFile(dir), text.slice(0, end));
      const memory = open(dir);
      expect((await memory.history()).map(({ id }) => id)).toEqual(three);
      expect(memory.takeWarnings()).toEqual([
        'the history index did not have all of its lines: 1 row was made again from the records',
      ]);
      await memory.archive(aSuccess('20260127_142500'));
      expect(await ids(dir)).toEqual([...three, '20260127_142500']);
      expect((await open(dir).preferences()).statistics.deployments).toBe(4);
    }
  });

  it('M9 a damaged line is said, kept beside, and its row made again; the statistics stay right', async () => {
    const dir = await withThree();
    const text = readFileSync(indexFile(dir), 'utf8');
    writeFileSync(indexFile(dir), text.replace('20260130_142500', '20260130_142599'));
    const memory = open(dir);
    expect((await memory.history()).map(({ id }) => id)).toEqual(three);
    expect(memory.takeWarnings()).toEqual([expect.stringMatching(/damaged.*corrupt-20260201T080000Z/)]);
    expect(readdirSync(path.join(dir, 'index')).filter((name) => name.includes('corrupt'))).toHaveLength(1);
    await memory.archive(aSuccess('20260127_142500'));
    expect((await open(dir).preferences()).statistics).toMatchObject({ deployments: 4, succeeded: 4 });
    expect(open(dir).takeWarnings()).toEqual([]);
  });

  it('M1 what was not counted yet is counted by who reads', async () => {
    const dir = await withThree();
    rmSync(path.join(dir, 'index/totals.json'));
    const config = path.join(dir, 'config.json');
    writeFileSync(config, readFileSync(config, 'utf8').replace('"deployments": 3', '"deployments": 2'));
    rmSync(path.join(dir, 'environments.json'));
    const memory = open(dir);
    expect((await memory.preferences()).statistics.deployments).toBe(3);
    expect(await memory.environments()).toMatchObject({ production: { deployment: '20260131_142500' } });
  });

  it('a folder that is taken out or copied in by hand is seen at the next look, and counted', async () => {
    const dir = await withThree();
    const [away, home] = [path.join(folder(), 'x'), path.join(dir, 'history', '20260130_142500')];
    renameSync(home, away);
    expect(await ids(dir)).toEqual([three[0], three[2]]);
    await open(dir).settle();
    expect((await open(dir).preferences()).statistics.deployments).toBe(2);
    cpSync(away, home, { recursive: true });
    expect(await ids(dir)).toEqual(three);
    await open(dir).settle();
    expect((await open(dir).preferences()).statistics.deployments).toBe(3);
  });

  it('shows what another process adds, and begins anew where the memory was put away', async () => {
    const dir = await withThree();
    const watching = open(dir);
    expect(await watching.history()).toHaveLength(3);
    await open(dir).archive(aSuccess('20260201_142500'));
    expect((await watching.history())[0]?.id).toBe('20260201_142500');
    rmSync(path.join(dir, 'index'), { recursive: true });
    rmSync(path.join(dir, 'history'), { recursive: true });
    expect(await watching.history()).toEqual([]);
    await open(dir).archive(aSuccess('20260202_142500'));
    expect((await watching.history()).map(({ id }) => id)).toEqual(['20260202_142500']);
  });

  it('M9 takes the index of the first versions over once, and keeps it byte for byte', async () => {
    const dir = await withThree();
    const rows = await open(dir).historyWithFacts(() => undefined);
    const text = JSON.stringify({ schema: 'orchestra/history@1', rows });
    rmSync(path.join(dir, 'index'), { recursive: true });
    writeFileSync(path.join(dir, 'history/index.json'), text);
    const memory = open(dir);
    expect(await memory.historyWithFacts(() => undefined)).toEqual(rows);
    expect(memory.takeWarnings()).toEqual([]);
    expect(readFileSync(path.join(dir, 'history/index.json.backup'), 'utf8')).toBe(text);
    expect(existsSync(path.join(dir, 'history/index.json'))).toBe(false);
    await open(dir).archive(aSuccess('20260201_142500'));
    expect((await open(dir).preferences()).statistics.deployments).toBe(4);
  });

  it('refuses the index of a later version and changes nothing', async () => {
    const dir = await withThree();
    appendFileSync(indexFile(dir), checkedLine({ kind: 'begin', schema: 'orchestra/history@3' }));
    const text = readFileSync(indexFile(dir));
    await expect(open(dir).history()).rejects.toMatchObject({ code: 'newer-schema', exit: 78 });
    expect(readFileSync(indexFile(dir))).toEqual(text);
  });

  it('says of a folder without a record, in every process', async () => {
    const dir = await withThree();
    mkdirSync(path.join(dir, 'history/20260101_142500'));
    for (const _ of [1, 2]) {
      const memory = open(dir);
      expect(await memory.history()).toHaveLength(3);
      expect(memory.takeWarnings()).toEqual([
        'history/20260101_142500 holds no record that can be read; it is not listed',
      ]);
    }
  });
});

const outcomes: Outcome[] = ['succeeded', 'rolled_back', 'failed', 'blocked', 'halted'];
const anId = fc.integer({ min: 0, max: 300 }).map((n) => {
  const stamp = `20260131_${String(100_000 + Math.floor(n / 3))
    .slice(1)
    .padStart(6, '0')}`;
  return n % 3 === 0 ? stamp : `${stamp}-${(n % 3) + 1}`;
});
const anEntry: fc.Arbitrary<Entry> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        id: anId,
        outcome: fc.constantFrom(...outcomes),
        environment: fc.constantFrom('production', 'eu'),
        kind: fc.constantFrom('deploy', 'deploy', 'rollback'),
        title: fc.string({ unit: 'grapheme' }),
      })
      .map(({ title, ...over }): Entry => ({
        kind: 'row',
        row: pastRow('2026-01-31', { ...over, features: [{ id: 'f', title }] }),
      })),
  },
  {
    weight: 1,
    arbitrary: fc.array(anId, { maxLength: 3 }).map((some): Entry => ({ kind: 'gone', ids: some })),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(anId, { maxLength: 3 })
      .map((some): Entry => ({ kind: 'moved', ids: some, to: 'archive' })),
  },
);
const rowsOf = (entries: readonly Entry[]) => {
  const rows = new HistoryRows();
  for (const entry of entries) rows.apply(entry);
  return rows;
};
const upTo = { file: 1, ino: '1', bytes: 0 };

describe('whatever is written in whatever order', () => {
  it('M9 files that were made columns say the same as their lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anEntry, { maxLength: 60 }), fc.nat(60), async (entries, at) => {
        const files = openIndexFiles(path.join(folder(), 'index'));
        const [first, second] = [entries.slice(0, at), entries.slice(at)];
        await files.create(1, first);
        await files.create(2, compacted(second));
        const view = new IndexView(files);
        await view.refresh();
        expect(view.bad.size).toBe(0);
        expect(view.rows.kept).toEqual(rowsOf(entries).kept);
      }),
      { numRuns: 60 },
    );
  });

  it('M9 statistics that were counted line by line are those of all rows, however often a line is repeated', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anEntry, { maxLength: 40 }), { maxLength: 6 }), (parts) => {
        const all: Entry[] = [];
        let totals = totalsOf(rowsOf([]), [], upTo);
        for (const part of parts) {
          all.push(...part);
          totals = further(totals, part, upTo) ?? totalsOf(rowsOf(all), [], upTo);
        }
        const rows = rowsOf(all);
        const { statistics, environments, newest } = totalsOf(rows, [], upTo);
        expect(totals.statistics).toEqual(statisticsOf(rows.kept.map(({ row }) => row)));
        expect(totals.environments).toEqual(environments);
        expect(totals.newest).toEqual(newest);
        expect(totals.statistics).toEqual(statistics);
      }),
    );
  });
});
