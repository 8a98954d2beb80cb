import { cp, mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '../../providers/runtime/atomic-file.ts';
import { disk } from '../../providers/runtime/disk.ts';
import { hasCode, ifMissing } from '../../providers/runtime/errno.ts';
import { withFileLock } from '../../providers/runtime/file-lock.ts';
import { backupName, backupSchema, type Backup, type BackupRecord } from '../domain/backup.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import { patternsSchema } from '../domain/memory.ts';
import type { Backups, Swapped } from '../ports/backups.ts';
import type { Clock } from '../ports/clock.ts';
import { configSchema, emptyPreferences } from './config-document.ts';
import { keepOutOfGit } from './git-ignored.ts';
import { printJson } from './json-file.ts';
import { checkInside, deploymentIdPattern } from './layout.ts';
import { isPart } from './memory-parts.ts';
import { parseJson } from './parse-json.ts';

const recordFile = 'backup.json';
const namePattern = /^\d{8}T\d{6}Z(?:-\d+)?$/;

const noneIfMissing = ifMissing<string[]>([]);

/** The memories put away below `dir`, the memory's folder. */
export function openBackups({ dir, clock }: { dir: string; clock: Clock }): Backups {
  const root = path.join(dir, 'backups');
  const at = (name: string) => path.join(root, name);
  const locked = <T>(work: () => Promise<T>) => withFileLock(path.join(dir, '.reset.lock'), work);

  async function read(name: string): Promise<Backup | undefined> {
    const text = await readFile(path.join(at(name), recordFile), 'utf8').catch(() => '');
    const parsed = backupSchema.safeParse(parseJson(text));
    return parsed.success ? { ...parsed.data, name } : undefined;
  }

  async function list(): Promise<Backup[]> {
    const names = (await readdir(root).catch(noneIfMissing)).filter((name) => namePattern.test(name));
    const found = await Promise.all(names.map(read));
    return found.filter((backup) => backup !== undefined).toSorted((a, b) => newestFirst(a.name, b.name));
  }

  async function write({ name, ...record }: Backup): Promise<Backup> {
    await writeFileAtomic(path.join(at(name), recordFile), printJson(record));
    return { name, ...record };
  }

  /** A new folder, named by the time. */
  async function claim(now: Date): Promise<string> {
    await mkdir(root, { recursive: true });
    await checkInside(dir, root);
    await keepOutOfGit(dir);
    const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
    for (let n = 1; ; n += 1) {
      const name = n === 1 ? stamp : `${stamp}-${n}`;
      try {
        await mkdir(at(name));
        await disk.syncFolder(root);
        return name;
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
      }
    }
  }

  /** Does what is left of a swap; each step can be done again. */
  async function carryOut(begun: Backup): Promise<Swapped> {
    const own = at(begun.name);
    const source = begun.restores === undefined ? undefined : at(begun.restores);
    let backup = begun;
    if (backup.state === 'away') {
      for (const part of backup.parts) await moveIfFree(path.join(dir, part), path.join(own, part));
      await Promise.all([disk.syncFolder(dir), disk.syncFolder(own)]);
      backup = await write({ ...backup, state: 'in' });
    }
    const before = source === undefined ? [] : await idsIn(path.join(source, 'history'));
    const putAway = await idsIn(path.join(own, 'history'));
    let since: string[] = [];
    if (source !== undefined && backup.restores !== undefined) {
      await bringBack(source, dir, own);
      since = await copyMissing(path.join(own, 'history'), path.join(dir, 'history'));
      const record = await read(backup.restores);
      if (record) await write({ ...record, restored: clock.now().toISOString() });
    }
    await beginAnew(own, backup);
    await disk.syncFolder(dir);
    backup = await write({ ...backup, state: 'done' });
    return { backup, putAway, cameBack: before, since };
  }

  /** First documents where there are none; with the preferences of before, where that was asked for. */
  async function beginAnew(own: string, { keepPreferences }: BackupRecord): Promise<void> {
    const config = path.join(dir, 'config.json');
    if (!(await disk.exists(config))) {
      const text = keepPreferences
        ? await readFile(path.join(own, 'config.json'), 'utf8').catch(() => '')
        : '';
      const before = configSchema.safeParse(parseJson(text));
      const { statistics } = emptyPreferences();
      await writeFileAtomic(
        config,
        printJson(before.success ? { ...before.data, statistics } : emptyPreferences()),
      );
    }
    const patterns = path.join(dir, 'patterns', 'deployment_patterns.json');
    if (!(await disk.exists(patterns)))
      await writeFileAtomic(patterns, printJson(patternsSchema.parse({ schema: 'orchestra/patterns@1' })));
  }

  return {
    list,
    swap: ({ by, why, keepPreferences, restores }) =>
      locked(async () => {
        const known = await list();
        const open = known.find(({ state }) => state !== 'done');
        if (open) throw interrupted(open.name);
        if (restores !== undefined && !known.some(({ name }) => name === restores))
          throw unknown(restores, known);
        const parts = (await readdir(dir).catch(noneIfMissing)).filter(isPart).toSorted();
        const now = clock.now();
        const record = {
          schema: backupName,
          at: now.toISOString(),
          by,
          keepPreferences,
          parts,
          state: 'away',
        } as const;
        const begun = await write({
          name: await claim(now),
          ...record,
          ...(why === undefined ? {} : { why }),
          ...(restores === undefined ? {} : { restores }),
        });
        return carryOut(begun);
      }),
    finish: (name) =>
      locked(async () => {
        const backup = await read(name);
        if (!backup) throw unknown(name, await list());
        return carryOut(backup);
      }),
  };
}

/** Renames, where `from` is there and `to` is not: done before, it does nothing. */
async function moveIfFree(from: string, to: string): Promise<void> {
  if ((await disk.exists(to)) || !(await disk.exists(from))) return;
  await rename(from, to);
}

/**
 * Moves what a backup holds into the memory. What is there by now came after the kill of an earlier try, or from a command that ran
 * meanwhile: a file is moved into `own` first, folders are merged.
 */
async function bringBack(source: string, dir: string, own: string): Promise<void> {
  for (const name of (await readdir(source)).filter(isPart)) {
    const [from, to] = [path.join(source, name), path.join(dir, name)];
    if (name === 'history' || name === 'current') await merge(from, to);
    else {
      if (await disk.exists(to)) await rename(to, await freeName(path.join(own, `${name}.late`)));
      await rename(from, to);
    }
  }
  await Promise.all([disk.syncFolder(source), disk.syncFolder(dir), disk.syncFolder(own)]);
}

/** Moves a folder's entries; those of a name that is taken stay, and so does the index, which follows from the others. */
async function merge(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from))
    if (!name.startsWith('index') && !name.startsWith('.'))
      await moveIfFree(path.join(from, name), path.join(to, name));
  await Promise.all([disk.syncFolder(from), disk.syncFolder(to)]);
  await rmdir(from).catch(() => undefined);
}

/** Copies the deployments that `to` lacks, each whole or not at all; their ids. */
async function copyMissing(from: string, to: string): Promise<string[]> {
  const since = await idsIn(from);
  for (const id of since) {
    if (await disk.exists(path.join(to, id))) continue;
    const temporary = path.join(to, `.${id}.copy`);
    await rm(temporary, { recursive: true, force: true });
    await cp(path.join(from, id), temporary, { recursive: true, errorOnExist: true, force: false });
    await rename(temporary, path.join(to, id));
  }
  if (since.length > 0) await disk.syncFolder(to);
  return since;
}

async function idsIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(noneIfMissing))
    .filter((name) => deploymentIdPattern.test(name))
    .toSorted();
}

async function freeName(name: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const free = n === 1 ? name : `${name}-${n}`;
    if (!(await disk.exists(free))) return free;
  }
}

function newestFirst(a: string, b: string): number {
  const [x, y] = [a.slice(0, 16), b.slice(0, 16)];
  if (x !== y) return x < y ? 1 : -1;
  return Number(b.slice(17)) - Number(a.slice(17));
}

function unknown(name: string, known: readonly Backup[]): OrchestraError {
  const names = known.slice(0, 5).map((backup) => backup.name);
  return new OrchestraError('unknown-backup', `there is no backup ${JSON.stringify(name.slice(0, 60))}`, {
    exit: exitCode.usage,
    hint: names.length > 0 ? `there are: ${names.join(', ')}` : 'nothing was ever put away',
  });
}

function interrupted(name: string): OrchestraError {
  return new OrchestraError('reset-interrupted', `the reset of ${name} was interrupted`, {
    hint: '`orchestrate reset` ends it first; nothing is lost',
  });
}
