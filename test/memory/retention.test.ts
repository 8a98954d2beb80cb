import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { failWith, systemError } from '../../providers/runtime/failpoints.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { createJournals } from '../../src/memory/journals.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { stoppedClock } from '../harness/clock.ts';
import { aSuccess } from '../harness/deployment.ts';
import { temporaryFolders } from '../harness/folder.ts';

const folder = temporaryFolders();
const open = (dir: string) => openMemory({ dir, clock: stoppedClock() });
const journalsOf = (dir: string) =>
  createJournals({ dir, clock: stoppedClock(), onProblem: () => undefined });
const newestFirst = ['04', '03', '02', '01'].map((day) => `202601${day}_142500`);
const [, , second = '', oldest = ''] = newestFirst;
const listed = (...parts: string[]) => readdirSync(path.join(...parts)).sort();

afterEach(() => failWith(undefined));

/** Four past deployments, each with a journal and a paper, and what is to be kept of them. */
async function past(retention: object): Promise<string> {
  const dir = folder();
  const memory = open(dir);
  for (const id of newestFirst.toReversed()) {
    await journalsOf(dir).create(
      id,
      { type: 'stage.started', stage: 'discovery' },
      new Date('2026-01-01T00:00:00Z'),
    );
    await memory.writeDocuments(id, [{ name: 'papers/CHECKLIST.md', text: `# größer ${id}\n` }]);
    await memory.archive(aSuccess(id));
  }
  writeFileSync(path.join(dir, 'history', oldest, 'raw.bin'), Buffer.from([0, 255, 254, 10]));
  writeFileSync(
    path.join(dir, 'config.json'),
    JSON.stringify({ schema: 'orchestra/config@2', user_preferences: { retention } }),
  );
  return dir;
}

/** All that is told of the deployments. */
async function told(dir: string) {
  const memory = open(dir);
  const records: (Deployment | undefined)[] = [];
  const texts: unknown[] = [];
  for (const id of newestFirst) {
    records.push(await memory.record(id));
    texts.push(await memory.readDocument(id, 'papers/CHECKLIST.md'));
    texts.push(await journalsOf(dir).read(id));
  }
  const rows = await memory.historyWithFacts(() => undefined);
  const { statistics } = await memory.preferences();
  return { rows, records, texts, statistics, warnings: memory.takeWarnings() };
}

describe('M9 what is kept of past deployments', () => {
  it('is everything, until there are more than are kept whole', async () => {
    const dir = await past({ whole_deployments: 4 });
    await open(dir).tidy();
    expect(listed(dir, 'history')).toHaveLength(4);
    expect(existsSync(path.join(dir, 'archive'))).toBe(false);
  });

  it('is packed of older ones, and reads the same as before', async () => {
    const dir = await past({ whole_deployments: 2 });
    const before = await told(dir);
    await open(dir).tidy();
    expect(listed(dir, 'history')).toEqual(newestFirst.slice(0, 2).toSorted());
    expect(listed(dir, 'archive/202601')).toEqual([`${oldest}.json.gz`, `${second}.json.gz`]);
    expect(await told(dir)).toEqual(before);
    const followed = [];
    for await (const event of journalsOf(dir).follow(oldest, 0)) followed.push(event);
    expect(followed).toEqual(await journalsOf(dir).read(oldest));
    await open(dir).archive(aSuccess('20260105_142500'));
    await open(dir).tidy();
    expect(listed(dir, 'history')).toHaveLength(2);
    expect((await open(dir).preferences()).statistics.deployments).toBe(5);
  });

  it('can be told in days', async () => {
    // The clock stands at 2026-02-01 08:00.
    const dir = await past({ whole_days: 29 });
    await open(dir).tidy();
    expect(listed(dir, 'history')).toEqual(newestFirst.slice(0, 2).toSorted());
  });

  it('is nothing but rows and statistics where packed files are to be deleted after a time', async () => {
    const dir = await past({ whole_days: 29, delete_after_days: 30 });
    const { rows, statistics } = await told(dir);
    await open(dir).tidy();
    expect(listed(dir, 'archive/202601')).toEqual([`${second}.json.gz`]);
    expect(await open(dir).record(oldest)).toBeUndefined();
    expect(await open(dir).historyWithFacts(() => undefined)).toEqual(rows);
    expect((await open(dir).preferences()).statistics).toEqual(statistics);
  });

  it('N4 is whole or packed, never less, wherever it is interrupted', async () => {
    const first = await past({ whole_deployments: 2 });
    const before = await told(first);
    const copy = async () => {
      const dir = folder();
      cpSync(first, dir, { recursive: true });
      // Counts anew what is now in another place.
      await open(dir).settle();
      return dir;
    };
    let points = 0;
    const one = await copy();
    failWith((_, count) => {
      points = count;
    });
    await open(one).tidy();
    expect(points).toBeGreaterThan(20);
    for (let k = 1; k <= points; k += 1) {
      const dir = await copy();
      failWith((point, count) => {
        // From here on nothing more is done to the disk, as after a kill.
        if (count >= k && !/^(?:read|open|list):/.test(point)) throw systemError('EIO', point);
      });
      await open(dir)
        .tidy()
        .catch(() => undefined);
      failWith(undefined);
      // The lock of a process that was killed is free; this one lives on.
      for (const place of ['archive', 'index'])
        for (const name of existsSync(path.join(dir, place)) ? readdirSync(path.join(dir, place)) : [])
          if (name.includes('.lock')) rmSync(path.join(dir, place, name), { recursive: true });
      const now = await told(dir);
      expect({ ...now, records: before.records, rows: now.rows.length }, `point ${k}`).toEqual({
        ...before,
        rows: 4,
        texts: now.texts,
      });
      await open(dir).tidy();
      await open(dir).tidy();
      expect(await told(dir), `point ${k}`).toEqual(before);
      expect(listed(dir, 'history'), `point ${k}`).toHaveLength(2);
      expect(
        listed(dir, 'archive').filter((name) => name.startsWith('.removing')),
        `point ${k}`,
      ).toEqual([]);
    }
  }, 120_000);

  it('stays whole where something is added while it is packed', async () => {
    const dir = await past({ whole_deployments: 3 });
    failWith((point) => {
      if (point === 'rename:.removing-ID')
        writeFileSync(path.join(dir, 'history', oldest, 'late.txt'), 'late');
    });
    await open(dir).tidy();
    failWith(undefined);
    expect(readFileSync(path.join(dir, 'history', oldest, 'late.txt'), 'utf8')).toBe('late');
    await open(dir).tidy();
    expect(await open(dir).readDocument(oldest, 'late.txt')).toBe('late');
    expect(existsSync(path.join(dir, 'history', oldest))).toBe(false);
  });
});
