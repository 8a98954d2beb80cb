import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Clock } from '../../src/ports/clock.ts';
import { withRankedLock } from './ranked-lock.ts';

/** How many installs are kept, the latest used first. */
const kept = 5;

export interface InstallCache {
  /** Copies what is kept under `key` to `target`; false when nothing is. */
  restore(key: string, target: string): Promise<boolean>;
  /** Keeps a copy of `source` under `key`, and drops what was not used for longest. */
  keep(key: string, source: string): Promise<void>;
}

/** Installed packages under `<stateDir>/installs/<key>`, copied in and out: no version can change another's. */
export function openInstallCache({ stateDir, clock }: { stateDir: string; clock: Clock }): InstallCache {
  const root = join(stateDir, 'installs');
  const locked = <T>(work: () => Promise<T>) =>
    withRankedLock({ dir: join(stateDir, 'locks', 'installs'), clock }, work);
  const touch = (path: string) => utimes(path, clock.now(), clock.now());

  async function drop(): Promise<void> {
    const entries: { path: string; used: number }[] = [];
    for (const name of await readdir(root)) {
      const path = join(root, name);
      if (/^[0-9a-f]{32}$/.test(name)) entries.push({ path, used: (await stat(path)).mtimeMs });
      else if (name.startsWith('part-')) await rm(path, { recursive: true, force: true });
    }
    entries.sort((a, b) => b.used - a.used);
    for (const { path } of entries.slice(kept)) await rm(path, { recursive: true, force: true });
  }

  return {
    restore: (key, target) =>
      locked(async () => {
        const entry = join(root, key);
        if (!(await isFolder(entry))) return false;
        await rm(target, { recursive: true, force: true });
        await copyFolder(entry, target);
        await touch(entry);
        return true;
      }),
    keep: (key, source) =>
      locked(async () => {
        const entry = join(root, key);
        if (!(await isFolder(entry))) {
          await mkdir(root, { recursive: true });
          const part = join(root, `part-${randomUUID()}`);
          await copyFolder(source, part);
          await rename(part, entry);
        }
        await touch(entry);
        await drop();
      }),
  };
}

/** `cp` keeps links as links, shares blocks where the file system can, and is many times faster than copying here. */
async function copyFolder(from: string, to: string): Promise<void> {
  await execa('cp', ['-RPp', from, to], { stdin: 'ignore' });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
