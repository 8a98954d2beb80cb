import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBackups } from '../../src/memory/backups.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { stoppedClock } from '../harness/clock.ts';
import { aSuccess } from '../harness/deployment.ts';
import { temporaryFolders } from '../harness/folder.ts';

const folder = temporaryFolders();
const ana = { name: 'Ana', face: 'cli' } as const;
const clock = stoppedClock();
const reset = { by: ana, keepPreferences: false };

/** Every file below a folder with its text; the backups' own records aside. */
function filesIn(dir: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === 'backup.json') continue;
    const file = path.join(entry.parentPath, entry.name);
    found[path.relative(dir, file)] = readFileSync(file, 'utf8');
  }
  return found;
}

/** A memory with one deployment, preferences of its own, and what is not the memory's. */
async function used() {
  const dir = folder();
  const memory = openMemory({ dir, clock });
  await memory.archive(aSuccess());
  const config = JSON.parse(readFileSync(path.join(dir, 'config.json'), 'utf8'));
  config.user_preferences = { ...config.user_preferences, max_features_per_deployment: 3, mine: 'stays' };
  writeFileSync(path.join(dir, 'config.json'), JSON.stringify(config));
  for (const name of [
    'schemas/x.json',
    'defaults/y.json',
    'exports/z.csv',
    'notes.txt',
    'audit.ndjson',
    'config.json.corrupt-1',
    'patterns/old.backup',
  ]) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), name);
  }
  return { dir, memory, backups: openBackups({ dir, clock }), before: filesIn(dir), id: aSuccess().id };
}

describe('reset', () => {
  it('M8 puts the memory away byte for byte, begins anew, and leaves what is not its own', async () => {
    const { dir, backups, before, id } = await used();
    const { backup, putAway } = await backups.swap(reset);
    expect(putAway).toEqual([id]);
    const stays = [
      'schemas/x.json',
      'defaults/y.json',
      'exports/z.csv',
      'notes.txt',
      'audit.ndjson',
      'environments.json',
      '.gitignore',
    ];
    expect(filesIn(path.join(dir, 'backups', backup.name))).toEqual(
      Object.fromEntries(Object.entries(before).filter(([name]) => !stays.includes(name))),
    );
    for (const name of stays)
      if (before[name] !== undefined) expect(readFileSync(path.join(dir, name), 'utf8')).toBe(before[name]);
    const anew = openMemory({ dir, clock });
    expect(await anew.history()).toEqual([]);
    expect((await anew.preferences()).user_preferences.max_features_per_deployment).toBe(15);
    expect((await anew.preferences()).statistics.deployments).toBe(0);
    expect((await anew.patterns()).learned).toEqual([]);
  });

  it('M8 keeps what runs, and the plan it runs by, though its deployment was put away', async () => {
    const { dir, backups, id } = await used();
    await backups.swap(reset);
    const anew = openMemory({ dir, clock });
    expect((await anew.environments())['production']?.deployment).toBe(id);
    expect((await anew.record(id))?.id).toBe(id);
    expect(await anew.record('20200101_000000')).toBeUndefined();
  });

  it('M8 takes preferences along when asked to, with what a person added, and counts anew', async () => {
    const { dir, backups } = await used();
    await backups.swap({ ...reset, keepPreferences: true });
    const config = JSON.parse(readFileSync(path.join(dir, 'config.json'), 'utf8'));
    expect(config.user_preferences).toMatchObject({ max_features_per_deployment: 3, mine: 'stays' });
    expect(config.statistics).toMatchObject({ deployments: 0, succeeded: 0, rolled_back: 0, failed: 0 });
  });

  it('M8 refuses to take preferences along that it cannot read, before anything is moved', async () => {
    const { dir, backups } = await used();
    writeFileSync(path.join(dir, 'config.json'), '{"schema":');
    await expect(backups.swap({ ...reset, keepPreferences: true })).rejects.toMatchObject({
      code: 'preferences-unreadable',
    });
    expect(existsSync(path.join(dir, 'history'))).toBe(true);
    expect(await backups.list()).toEqual([]);
  });

  it('M8 is undone: all comes back, and what was deployed since stays beside it', async () => {
    const { dir, backups, before, id } = await used();
    const { backup } = await backups.swap(reset);
    const later = { ...aSuccess(), id: '20260301_101010' };
    await openMemory({ dir, clock }).archive(later);
    const undone = await backups.swap({ ...reset, restores: backup.name });
    expect([undone.cameBack, undone.since]).toEqual([[id], [later.id]]);
    const memory = openMemory({ dir, clock });
    expect((await memory.history()).map((row) => row.id)).toEqual([later.id, id]);
    expect((await memory.preferences()).user_preferences.max_features_per_deployment).toBe(3);
    for (const name of ['config.json.corrupt-1', 'patterns/old.backup', `history/${id}/deployment.json`])
      expect(readFileSync(path.join(dir, name), 'utf8')).toBe(before[name]);
    expect(
      existsSync(path.join(dir, 'backups', undone.backup.name, 'history', later.id, 'deployment.json')),
    ).toBe(true);
    expect((await backups.list()).map(({ restored }) => restored !== undefined)).toEqual([false, true]);
  });

  it('M8 an undo that is undone tells what came back from what was kept beside it', async () => {
    const { dir, backups, id } = await used();
    const { backup } = await backups.swap(reset);
    const later = { ...aSuccess(), id: '20260301_101010' };
    await openMemory({ dir, clock }).archive(later);
    const undone = await backups.swap({ ...reset, restores: backup.name });
    const back = await backups.swap({ ...reset, restores: undone.backup.name });
    expect([back.putAway, back.cameBack, back.since]).toEqual([[id, later.id], [later.id], [id]]);
  });

  it('works on a memory that is not there, and names what it does not know', async () => {
    const dir = path.join(folder(), 'deployment_memory');
    mkdirSync(dir);
    const backups = openBackups({ dir, clock });
    expect((await backups.swap(reset)).backup.parts).toEqual([]);
    await expect(backups.swap({ ...reset, restores: '../../etc' })).rejects.toMatchObject({
      code: 'unknown-backup',
      exit: 2,
    });
    await expect(backups.finish('20200101T000000Z')).rejects.toMatchObject({ code: 'unknown-backup' });
  });
});
