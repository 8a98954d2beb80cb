import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { failWith, systemError } from '../../providers/runtime/failpoints.ts';
import { openAuditTrail } from '../../src/memory/audit-trail.ts';
import { openBackups } from '../../src/memory/backups.ts';
import { stoppedClock } from '../harness/clock.ts';
import { temporaryFolders } from '../harness/folder.ts';

const folder = temporaryFolders();
const ana = { name: 'Ana', face: 'cli' } as const;
const clock = stoppedClock();
const reset = { by: ana, keepPreferences: false };

afterEach(() => failWith(undefined));

/** What a memory holds, as far as a reset is concerned. */
const parts: Readonly<Record<string, string>> = {
  'config.json': '{"schema":"orchestra/config@1","mine":1}',
  'selection.json': 'null',
  'patterns/deployment_patterns.json': '{"schema":"orchestra/patterns@1"}',
  'history/20260101_000000/deployment.json': 'one',
  'history/20260101_000000/journal.ndjson': 'two',
  'history/20260102_000000/deployment.json': 'three',
  'config.json.corrupt-1': 'four',
};

function fill(dir: string, files = parts): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  }
}

/** Every text below a folder; temporary files and locks aside. */
function textsIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'));
}

/** From the k-th operation on nothing is done any more, as after a kill; what a dead process held is free. */
async function killedAt(k: number, dir: string, work: () => Promise<unknown>): Promise<boolean> {
  failWith((point, count) => {
    if (count >= k) throw systemError('EIO', point);
  });
  const done = await work().then(
    () => true,
    () => false,
  );
  failWith(undefined);
  for (const name of readdirSync(dir))
    if (/\.lock(\.|$)/.test(name)) rmSync(path.join(dir, name), { recursive: true });
  return done;
}

describe('a reset that is killed', () => {
  it('M8 N4 loses nothing at any operation, and is ended by the next one', async () => {
    let kills = 0;
    for (let done = false; !done; kills += 1) {
      const dir = folder();
      fill(dir);
      done = await killedAt(kills + 1, dir, () => openBackups({ dir, clock }).swap(reset));
      expect(textsIn(dir)).toEqual(expect.arrayContaining(Object.values(parts)));
      const backups = openBackups({ dir, clock });
      const open = (await backups.list()).find(({ state }) => state !== 'done');
      const { backup } = open
        ? await backups.finish(open.name)
        : (await backups.list()).length > 0
          ? { backup: (await backups.list())[0] }
          : await backups.swap(reset);
      const away = path.join(dir, 'backups', backup?.name ?? '');
      for (const [name, text] of Object.entries(parts))
        expect(readFileSync(path.join(away, name), 'utf8')).toBe(text);
      expect(existsSync(path.join(dir, 'history'))).toBe(false);
      expect(JSON.parse(readFileSync(path.join(dir, 'config.json'), 'utf8')).statistics.deployments).toBe(0);
    }
    expect(kills).toBeGreaterThan(20);
  });

  it('M8 N4 is undone in the same way, and keeps what came since', async () => {
    const since = {
      'history/20260103_000000/deployment.json': 'since',
      'history/20260103_000000/papers/a.md': 'paper',
    };
    let kills = 0;
    for (let done = false; !done; kills += 1) {
      const dir = folder();
      fill(dir);
      const { backup } = await openBackups({ dir, clock }).swap(reset);
      fill(dir, since);
      const undo = { ...reset, restores: backup.name };
      done = await killedAt(kills + 1, dir, () => openBackups({ dir, clock }).swap(undo));
      expect(textsIn(dir)).toEqual(
        expect.arrayContaining([...Object.values(parts), ...Object.values(since)]),
      );
      const backups = openBackups({ dir, clock });
      const known = await backups.list();
      const open = known.find(({ state }) => state !== 'done');
      if (open) await backups.finish(open.name);
      else if (known.length === 1) await backups.swap(undo);
      for (const [name, text] of Object.entries({ ...parts, ...since }))
        expect(readFileSync(path.join(dir, name), 'utf8')).toBe(text);
      expect((await backups.list()).every(({ state }) => state === 'done')).toBe(true);
    }
    expect(kills).toBeGreaterThan(40);
  }, 120_000);
});

describe('the audit trail, killed or refused by the disk', () => {
  it('W4 N4 keeps every entry that was acknowledged, and one chain, at every operation', async () => {
    let kills = 0;
    for (let done = false; !done; kills += 1) {
      const dir = folder();
      const open = () =>
        openAuditTrail({
          dir,
          head: path.join(dir, 'state', 'head.json'),
          clock,
          onProblem: () => undefined,
        });
      const act = (subject: string) => ({ action: 'selection.saved', who: ana, subject });
      await open().record(act('first'));
      done = await killedAt(kills + 1, dir, () => open().record(act('killed')));
      expect((await open().verify()).problems.filter(({ kind }) => kind !== 'torn')).toEqual([]);
      await open().record(act('last'));
      const verdict = await open().verify();
      expect(verdict).toMatchObject({ problems: [], end: 'known' });
      const subjects: string[] = [];
      for await (const { subject } of open().entries()) subjects.push(subject);
      expect(subjects[0]).toBe('last');
      expect(subjects.at(-1)).toBe('first');
      if (done) expect(subjects).toContain('killed');
      expect(subjects.filter((subject) => subject === 'killed').length).toBeLessThanOrEqual(1);
    }
    expect(kills).toBeGreaterThan(15);
  });
});
