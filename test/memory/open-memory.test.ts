import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Memory } from '../../src/ports/memory.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { stoppedClock } from '../harness/clock.ts';
import { aDeployment, aRollback, aSuccess } from '../harness/deployment.ts';
import { temporaryFolders } from '../harness/folder.ts';

const folder = temporaryFolders();
const open = (dir: string) => openMemory({ dir, clock: stoppedClock() });
const json = (...parts: string[]): unknown => JSON.parse(readFileSync(path.join(...parts), 'utf8'));

describe('a memory that is not there yet', () => {
  it('M1 reads as defaults and creates nothing', async () => {
    const dir = path.join(folder(), 'deployment_memory');
    const memory = open(dir);
    expect((await memory.preferences()).user_preferences.max_features_per_deployment).toBe(15);
    expect(await memory.history()).toEqual([]);
    expect(await memory.selection()).toBeUndefined();
    expect(await memory.record('20260131_142500')).toBeUndefined();
    expect((await memory.patterns()).learned).toEqual([]);
    expect(existsSync(dir)).toBe(false);
  });
});

describe('archive', () => {
  it('M1 moves a finished deployment to the history, with its row and the statistics, as readable JSON', async () => {
    const dir = folder();
    const memory = open(dir);
    await memory.writeDocuments('20260131_142500', [{ name: 'CHECKLIST.md', text: '# x\n' }]);
    await memory.archive(aRollback());
    expect(readdirSync(path.join(dir, 'history/20260131_142500')).sort()).toEqual([
      'CHECKLIST.md',
      'deployment.json',
    ]);
    expect(existsSync(path.join(dir, 'current/20260131_142500'))).toBe(false);
    expect(await memory.history()).toEqual([
      expect.objectContaining({
        id: '20260131_142500',
        outcome: 'rolled_back',
        version: 'aaaaaaa',
        candidate: 'bbbbbbb',
      }),
    ]);
    expect((await memory.preferences()).statistics).toEqual({
      deployments: 1,
      succeeded: 0,
      rolled_back: 1,
      failed: 0,
      blocked: 0,
      halted: 0,
    });
    const text = readFileSync(path.join(dir, 'history/20260131_142500/deployment.json'), 'utf8');
    expect(text.startsWith('{\n  "schema": "orchestra/deployment@1",')).toBe(true);
    expect(text.endsWith('}\n')).toBe(true);
  });

  it('gives the whole deployment back', async () => {
    const memory = open(folder());
    const deployment = aSuccess();
    await memory.archive(deployment);
    expect(await memory.record(deployment.id)).toEqual(deployment);
  });

  it('counts a deployment once, however often it is archived', async () => {
    const memory = open(folder());
    await memory.archive(aSuccess());
    await memory.archive(aSuccess());
    expect(await memory.history()).toHaveLength(1);
    expect((await memory.preferences()).statistics.deployments).toBe(1);
  });

  it('refuses a deployment that is not finished', async () => {
    await expect(open(folder()).archive(aDeployment().build())).rejects.toMatchObject({
      code: 'not-finished',
    });
  });

  const interruptions: [string, (dir: string) => void][] = [
    [
      'before the rename',
      (dir) => {
        mkdirSync(path.join(dir, 'current'), { recursive: true });
        renameSync(path.join(dir, 'history/20260131_142500'), path.join(dir, 'current/20260131_142500'));
        rmSync(path.join(dir, 'index'), { recursive: true });
        rmSync(path.join(dir, 'config.json'));
      },
    ],
    [
      'before the index was written',
      (dir) => {
        rmSync(path.join(dir, 'index'), { recursive: true });
        rmSync(path.join(dir, 'config.json'));
      },
    ],
    ['before the statistics were written', (dir) => rmSync(path.join(dir, 'config.json'))],
    [
      'and something was dropped into the old folder meanwhile',
      (dir) => {
        mkdirSync(path.join(dir, 'current/20260131_142500/inbox'), { recursive: true });
        writeFileSync(path.join(dir, 'current/20260131_142500/inbox/late.json'), '{}');
        writeFileSync(path.join(dir, 'current/20260131_142500/note.txt'), 'kept');
      },
    ],
  ];
  it.each(interruptions)('N4 is completed when it was interrupted %s', async (_, interrupt) => {
    const dir = folder();
    await open(dir).writeDocuments('20260131_142500', [{ name: 'CHECKLIST.md', text: '# x\n' }]);
    await open(dir).archive(aSuccess());
    interrupt(dir);
    const memory = open(dir);
    expect(await memory.record('20260131_142500')).toEqual(aSuccess());
    await memory.archive(aSuccess());
    expect(existsSync(path.join(dir, 'current/20260131_142500'))).toBe(false);
    expect(existsSync(path.join(dir, 'history/20260131_142500/CHECKLIST.md'))).toBe(true);
    expect(await memory.history()).toHaveLength(1);
    expect((await memory.preferences()).statistics.succeeded).toBe(1);
    expect((await open(dir).history()).map(({ id }) => id)).toEqual(['20260131_142500']);
    expect(memory.takeWarnings()).toEqual([]);
  });

  it('lists the newest first, also of two that started in one second', async () => {
    const memory = open(folder());
    for (const id of ['20260131_142500-2', '20260131_142500', '20260131_142500-10'])
      await memory.archive(aSuccess(id));
    expect((await memory.history()).map((row) => row.id)).toEqual([
      '20260131_142500-10',
      '20260131_142500-2',
      '20260131_142500',
    ]);
  });
});

describe('a damaged memory', () => {
  it('moves a file that does not parse aside, says so once, and goes on with the rest', async () => {
    const dir = folder();
    await open(dir).archive(aSuccess());
    writeFileSync(path.join(dir, 'config.json'), '{"schema":"orchestra/config@2","user_pref');
    const memory = open(dir);
    expect((await memory.preferences()).user_preferences.auto_rollback_threshold).toBe(5);
    expect(readFileSync(path.join(dir, 'config.json.corrupt-20260201T080000Z'), 'utf8')).toContain(
      'user_pref',
    );
    expect(memory.takeWarnings()).toEqual([
      expect.stringMatching(/^config\.json could not be read .*corrupt-20260201T080000Z/),
    ]);
    expect(memory.takeWarnings()).toEqual([]);
    expect(await memory.history()).toHaveLength(1);
  });

  it('never overwrites what was moved aside before', async () => {
    const dir = folder();
    const memory = open(dir);
    for (const text of ['one', 'two']) {
      writeFileSync(path.join(dir, 'selection.json'), text);
      expect(await memory.selection()).toBeUndefined();
    }
    expect(readdirSync(dir).sort()).toEqual([
      'selection.json.corrupt-20260201T080000Z',
      'selection.json.corrupt-20260201T080000Z-2',
    ]);
  });

  it('rebuilds the history index from the records', async () => {
    const dir = folder();
    await open(dir).archive(aSuccess('20260131_142500'));
    await open(dir).archive(aRollback('20260201_142500'));
    const file = path.join(dir, 'index/history-000001.ndjson');
    writeFileSync(file, readFileSync(file, 'utf8').replace('succeeded', 'Succeeded'));
    const memory = open(dir);
    expect((await memory.history()).map((row) => row.outcome)).toEqual(['rolled_back', 'succeeded']);
    expect(readdirSync(path.join(dir, 'index'))).toContain('history-000001.ndjson.corrupt-20260201T080000Z');
    expect(memory.takeWarnings()).toHaveLength(1);
  });

  it('makes a damaged record again from its journal', async () => {
    const dir = folder();
    await open(dir).archive(aSuccess());
    const home = path.join(dir, 'history/20260131_142500');
    writeFileSync(path.join(home, 'deployment.json'), '{"schema":"nothing"}');
    const started = {
      seq: 1,
      deployment: '20260131_142500',
      at: '2026-01-31T14:25:00.000Z',
      type: 'stage.started',
      stage: 'discovery',
    };
    writeFileSync(path.join(home, 'journal.ndjson'), `${JSON.stringify(started)}\n{"seq":2,"torn`);
    const memory = openMemory({
      dir,
      clock: stoppedClock(),
      fold: (events) => (events.length === 1 && events[0]?.type === 'stage.started' ? aSuccess() : undefined),
    });
    expect(await memory.record('20260131_142500')).toEqual(aSuccess());
    expect(readdirSync(home)).toContain('deployment.json.corrupt-20260201T080000Z');
    expect(memory.takeWarnings()).toHaveLength(1);
  });

  it('says once which folder of the history it cannot list', async () => {
    const dir = folder();
    mkdirSync(path.join(dir, 'history/20260131_142500'), { recursive: true });
    const memory = open(dir);
    expect(await memory.history()).toEqual([]);
    expect(memory.takeWarnings()).toEqual([
      'history/20260131_142500 holds no record that can be read; it is not listed',
    ]);
    await memory.history();
    expect(memory.takeWarnings()).toEqual([]);
  });

  it('refuses what a newer version wrote, and leaves it as it is', async () => {
    const dir = folder();
    mkdirSync(path.join(dir, 'patterns'));
    const file = path.join(dir, 'patterns/deployment_patterns.json');
    writeFileSync(file, '{"schema":"orchestra/patterns@2"}');
    const memory = open(dir);
    await expect(memory.patterns()).rejects.toMatchObject({ code: 'newer-schema', exit: 78 });
    await expect(memory.updatePatterns((p) => ({ ...p }))).rejects.toMatchObject({ code: 'newer-schema' });
    expect(readFileSync(file, 'utf8')).toBe('{"schema":"orchestra/patterns@2"}');
    expect(await memory.history()).toEqual([]);
  });

  it('writes nothing that it could not read again', async () => {
    const dir = folder();
    const memory = open(dir);
    await memory.updatePatterns((p) => ({ ...p, learned: ['one'] }));
    await expect(
      memory.updatePatterns((p) => ({ ...p, deployments: { succeeded: 0.5, failed: 0 } })),
    ).rejects.toThrow();
    expect((await memory.patterns()).learned).toEqual(['one']);
  });
});

describe('what a person wrote into config.json', () => {
  it('stays when statistics are written', async () => {
    const dir = folder();
    writeFileSync(
      path.join(dir, 'config.json'),
      '{"schema":"orchestra/config@2","team":"shop","user_preferences":{"max_features_per_deployment":7,"colour":"blue"}}',
    );
    await open(dir).archive(aSuccess());
    expect(json(dir, 'config.json')).toMatchObject({
      team: 'shop',
      user_preferences: { max_features_per_deployment: 7, colour: 'blue' },
      statistics: { deployments: 1 },
    });
  });
});

describe('documents', () => {
  it('S3 are written below the deployment, scripts executable', async () => {
    const dir = folder();
    const paths = await open(dir).writeDocuments('20260131_142500', [
      { name: 'DEPLOYMENT_GUIDE.md', text: '# Guide\n' },
      { name: 'scripts/deploy.sh', text: '#!/bin/sh\n', executable: true },
    ]);
    expect(paths).toEqual([
      'current/20260131_142500/DEPLOYMENT_GUIDE.md',
      'current/20260131_142500/scripts/deploy.sh',
    ]);
    expect(statSync(path.join(dir, paths[1] ?? '')).mode & 0o100).toBe(0o100);
    expect(statSync(path.join(dir, paths[0] ?? '')).mode & 0o111).toBe(0);
  });

  it.each(['../escape.md', '/etc/passwd', 'a/../../b', '.hidden', 'a\\b', ''])(
    'never leave the folder: %j',
    async (name) => {
      const dir = folder();
      await expect(open(dir).writeDocuments('20260131_142500', [{ name, text: '' }])).rejects.toMatchObject({
        code: 'bad-document',
      });
      await expect(open(dir).writeDocuments('../x', [])).rejects.toMatchObject({ code: 'bad-id', exit: 2 });
    },
  );

  it('C7 that come after the archive stand beside the others', async () => {
    const dir = folder();
    await open(dir).archive(aSuccess());
    expect(
      await open(dir).writeDocuments('20260131_142500', [{ name: 'execution-report.md', text: '# x\n' }]),
    ).toEqual(['history/20260131_142500/execution-report.md']);
    expect(existsSync(path.join(dir, 'history/20260131_142500/execution-report.md'))).toBe(true);
  });

  it('are never written through a link that a repository brought along', async () => {
    const [dir, outside] = [folder(), folder()];
    symlinkSync(outside, path.join(dir, 'current'));
    await expect(
      open(dir).writeDocuments('20260131_142500', [{ name: 'x.md', text: '' }]),
    ).rejects.toMatchObject({ code: 'memory-outside' });
    expect(existsSync(path.join(outside, '20260131_142500/x.md'))).toBe(false);
  });
});

/** Leaves the index as the first versions did: one document, without facts. */
async function asBefore(dir: string, memory: Memory): Promise<string> {
  const text = JSON.stringify({ schema: 'orchestra/history@1', rows: await memory.history() });
  rmSync(path.join(dir, 'index'), { recursive: true });
  writeFileSync(path.join(dir, 'history/index.json'), text);
  return text;
}

describe('rows of before there were facts', () => {
  it('M7 get theirs from their records, once, and keep them in the index', async () => {
    const dir = folder();
    const memory = open(dir);
    await memory.archive(aRollback('20260131_142500'));
    await memory.archive(aSuccess('20260201_142500'));
    const [row] = await memory.historyWithFacts(() => undefined);
    expect(row?.facts).toMatchObject({ says: 'success', probability: 0.9, types: ['feature'], lines: 43 });
    await asBefore(dir, memory);
    const told: [number, number][] = [];
    const rows = await open(dir).historyWithFacts((done, of) => told.push([done, of]));
    expect(rows.map(({ facts }) => facts?.says)).toEqual(['success', 'failure']);
    expect(told).toEqual([
      [0, 2],
      [1, 2],
    ]);
    told.length = 0;
    const again = await open(dir).historyWithFacts((done, of) => told.push([done, of]));
    expect(again.map(({ facts }) => facts?.says)).toEqual(['success', 'failure']);
    expect(told).toEqual([]);
  });

  it('are left as they are where their record is gone, and asked for no second time', async () => {
    const dir = folder();
    const memory = open(dir);
    await memory.archive(aSuccess('20260201_142500'));
    await asBefore(dir, memory);
    rmSync(path.join(dir, 'history/20260201_142500/deployment.json'));
    const later = open(dir);
    const told: number[] = [];
    for (const _ of [1, 2])
      expect((await later.historyWithFacts((done) => told.push(done)))[0]?.facts).toBeUndefined();
    expect(told).toEqual([0]);
  });
});

describe('an export', () => {
  it('W2 is a new file every time, never over another, and git leaves it alone', async () => {
    const dir = path.join(folder(), 'deployment_memory');
    const memory = open(dir);
    const paths = [await memory.writeExport('d.csv', 'one'), await memory.writeExport('d.csv', 'two')];
    expect(paths).toEqual([path.join(dir, 'exports/d.csv'), path.join(dir, 'exports/d-2.csv')]);
    expect(paths.map((file) => readFileSync(file, 'utf8'))).toEqual(['one', 'two']);
    expect(readFileSync(path.join(dir, '.gitignore'), 'utf8')).toContain('/exports/');
    await expect(memory.writeExport('../d.csv', 'x')).rejects.toMatchObject({ code: 'bad-document' });
  });

  it('does not follow a link out of the memory', async () => {
    const [dir, elsewhere] = [folder(), folder()];
    symlinkSync(elsewhere, path.join(dir, 'exports'));
    await expect(open(dir).writeExport('d.csv', 'x')).rejects.toMatchObject({ code: 'memory-outside' });
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});
