import path from 'node:path';
import { makeFolders, writeFileAtomic, writeWhole } from '../../providers/runtime/atomic-file.ts';
import { disk, type FolderEntry } from '../../providers/runtime/disk.ts';
import { hasCode, ifMissing } from '../../providers/runtime/errno.ts';
import { withFileLock } from '../../providers/runtime/file-lock.ts';
import { sweepLeftovers } from '../../providers/runtime/lock-folder.ts';
import { backupName, backupSchema, type Backup, type BackupRecord } from '../domain/backup.ts';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import { configName, patternsSchema, type Preferences } from '../domain/memory.ts';
import type { Backups, Swapped } from '../ports/backups.ts';
import type { Clock } from '../ports/clock.ts';
import { configSchema, emptyPreferences } from './config-document.ts';
import { keepOutOfGit } from './git-ignored.ts';
import { JsonFile, printJson } from './json-file.ts';
import { checkInside, deploymentIdPattern } from './layout.ts';
import { isPart } from './memory-parts.ts';
import { parseJson } from '../domain/parse-json.ts';

const recordFile = 'backup.json';
const namePattern = /^\d{8}T\d{6}Z(?:-\d+)?$/;

const exists = (name: string) => disk.exists(name);

async function namesIn(folder: string): Promise<string[]> {
  return (await disk.list(folder).catch(ifMissing<FolderEntry[]>([]))).map(({ name }) => name);
}

async function textOf(file: string): Promise<string> {
  return (await disk.read(file).catch(() => Buffer.alloc(0))).toString('utf8');
}

/** The memories put away below `dir`, the memory's folder. */
export function openBackups({ dir, clock }: { dir: string; clock: Clock }): Backups {
  const root = path.join(dir, 'backups');
  const at = (name: string) => path.join(root, name);
  const locked = <T>(work: () => Promise<T>) => withFileLock(path.join(dir, '.reset.lock'), work);

  async function read(name: string): Promise<Backup | undefined> {
    const text = await textOf(path.join(at(name), recordFile));
    const parsed = backupSchema.safeParse(parseJson(text));
    return parsed.success ? { ...parsed.data, name } : undefined;
  }

  async function list(): Promise<Backup[]> {
    const names = (await namesIn(root)).filter((name) => namePattern.test(name));
    const found = await Promise.all(names.map(read));
    return found.filter((backup) => backup !== undefined).toSorted((a, b) => newestFirst(a.name, b.name));
  }

  async function write({ name, ...record }: Backup): Promise<Backup> {
    // Nobody sweeps the folder of one that was put away.
    await writeFileAtomic(path.join(at(name), recordFile), printJson(record), { temporaryIn: dir });
    return { name, ...record };
  }

  /** A new folder, named by the time. */
  async function claim(now: Date): Promise<string> {
    await makeFolders(root);
    await checkInside(dir, root);
    await keepOutOfGit(dir);
    const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
    for (let n = 1; ; n += 1) {
      const name = n === 1 ? stamp : `${stamp}-${n}`;
      try {
        await disk.makeFolder(at(name));
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
      // Nobody comes by there any more to take away what was left by a kill.
      for (const part of ['index', 'patterns']) {
        const folder = path.join(own, part);
        if (!(await exists(folder))) continue;
        await sweepLeftovers(folder);
        await disk.syncFolder(folder);
      }
      backup = await write({ ...backup, state: 'in' });
    }
    const before = source === undefined ? [] : await idsIn(path.join(source, 'history'));
    const putAway = await idsIn(path.join(own, 'history'));
    let cameBack = before;
    let since: string[] = [];
    if (source !== undefined && backup.restores !== undefined) {
      await bringBack(source, dir, own);
      // What an interrupted one brought back already is not in the backup any more.
      const here = await idsIn(path.join(dir, 'history'));
      cameBack = [...new Set([...before, ...here.filter((id) => !putAway.includes(id))])].toSorted();
      const kept = await copyMissing(path.join(own, 'history'), path.join(dir, 'history'));
      since = kept.filter((id) => !cameBack.includes(id));
      const record = await read(backup.restores);
      if (record) await write({ ...record, restored: clock.now().toISOString() });
    }
    await beginAnew(own, backup);
    await disk.syncFolder(dir);
    backup = await write({ ...backup, state: 'done' });
    return { backup, putAway, cameBack, since };
  }

  /** First documents where there are none; with the preferences of before, where that was asked for. */
  async function beginAnew(own: string, { keepPreferences }: BackupRecord): Promise<void> {
    const config = path.join(dir, 'config.json');
    if (!(await exists(config))) {
      const before = keepPreferences ? await preferencesIn(own) : null;
      const { statistics } = emptyPreferences();
      await writeFileAtomic(config, printJson(before ? { ...before, statistics } : emptyPreferences()));
    }
    const patterns = path.join(dir, 'patterns', 'deployment_patterns.json');
    if (!(await exists(patterns)))
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
        // What cannot be taken along is said before anything is moved.
        if (keepPreferences) await preferencesIn(dir);
        const parts = (await namesIn(dir)).filter(isPart).toSorted();
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

/** The preferences in a folder, of an older version too; null where there are none. Throws `preferences-unreadable` (1). */
async function preferencesIn(folder: string): Promise<Preferences | null> {
  try {
    return await new JsonFile<Preferences>(path.join(folder, 'config.json'), configSchema, configName).read();
  } catch (error) {
    throw new OrchestraError(
      'preferences-unreadable',
      `the preferences cannot be taken along: ${messageOf(error)}`,
      { hint: 'Mend config.json, or reset without --keep-preferences.', cause: error },
    );
  }
}

/** Renames, where `from` is there and `to` is not: done before, it does nothing. */
async function moveIfFree(from: string, to: string): Promise<void> {
  if ((await exists(to)) || !(await exists(from))) return;
  await disk.rename(from, to);
}

/**
 * Moves what a backup holds into the memory. What is there by now came after the kill of an earlier try, or from a command that ran
 * meanwhile: a file is moved into `own` first, folders are merged.
 */
async function bringBack(source: string, dir: string, own: string): Promise<void> {
  for (const name of (await namesIn(source)).filter(isPart)) {
    const [from, to] = [path.join(source, name), path.join(dir, name)];
    // What follows from the history is made again from all that is there by then.
    if (name === 'index') continue;
    if (name === 'history' || name === 'current') await merge(from, to);
    else {
      if (await exists(to)) await disk.rename(to, await freeName(path.join(own, `${name}.late`)));
      await disk.rename(from, to);
    }
  }
  await Promise.all([disk.syncFolder(source), disk.syncFolder(dir), disk.syncFolder(own)]);
}

/** Moves a folder's entries; those of a name that is taken stay, and so does the index, which follows from the others. */
async function merge(from: string, to: string): Promise<void> {
  await makeFolders(to);
  for (const name of await namesIn(from))
    if (!name.startsWith('index') && !name.startsWith('.'))
      await moveIfFree(path.join(from, name), path.join(to, name));
  await Promise.all([disk.syncFolder(from), disk.syncFolder(to)]);
  await disk.removeFolder(from).catch(() => undefined);
}

/** Copies the deployments that `to` lacks, each whole or not at all; the ids of all in `from`. */
async function copyMissing(from: string, to: string): Promise<string[]> {
  const since = await idsIn(from);
  for (const id of since) {
    if (await exists(path.join(to, id))) continue;
    const temporary = path.join(to, `.${id}.copy`);
    await disk.removeAll(temporary);
    await copyFolder(path.join(from, id), temporary);
    await disk.rename(temporary, path.join(to, id));
  }
  if (since.length > 0) await disk.syncFolder(to);
  return since;
}

/** Files and folders, on the disk when it resolves; links and the like are left out, since they may lead anywhere. */
async function copyFolder(from: string, to: string): Promise<void> {
  await disk.makeFolders(to);
  for (const { name, kind } of await disk.list(from)) {
    if (kind === 'folder') await copyFolder(path.join(from, name), path.join(to, name));
    else if (kind === 'file') await writeWhole(path.join(to, name), await disk.read(path.join(from, name)));
  }
  await disk.syncFolder(to);
}

async function idsIn(folder: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => deploymentIdPattern.test(name)).toSorted();
}

async function freeName(name: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const free = n === 1 ? name : `${name}-${n}`;
    if (!(await exists(free))) return free;
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
