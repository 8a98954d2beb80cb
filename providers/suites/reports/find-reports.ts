import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isPlain, matchesName, partsOf } from './pattern.ts';

/** Reports of one run of a suite: surefire writes one for each class. */
const mostReports = 5000;
/** Folders and files looked at for a pattern. */
const mostEntries = 100_000;
/** Folders that hold others' work. */
const passedOver = new Set(['node_modules', '.git']);

/** A file that may be a report, and what tells it from itself before. */
export interface FoundReport {
  /** Relative to the work tree. */
  path: string;
  /** Where it really is: below the work tree. */
  real: string;
  /** Changes with every write; no program sets the time in it at will. */
  state: string;
}

export interface FoundReports {
  reports: FoundReport[];
  /** What matched and cannot be read, or was too much; safe to print once it went through `safeText`. */
  refused: string[];
}

/** The regular files below `root` that a path or a pattern (`*`, `?`, `**`) leads to, in alphabetical order; links that lead out are refused. */
export async function findReports(root: string, pattern: string): Promise<FoundReports> {
  const top = await realpath(root);
  const found = new Map<string, FoundReport>();
  const refused: string[] = [];
  let left = mostEntries;

  async function take(path: string): Promise<void> {
    if (found.has(path)) return;
    const real = await realpath(join(top, path)).catch(() => undefined);
    if (real === undefined) return;
    if (!real.startsWith(`${top}${sep}`)) return void refused.push(`${path} leads out of the work tree`);
    const info = await stat(real, { bigint: true }).catch(() => undefined);
    if (!info) return;
    if (!info.isFile()) return void refused.push(`${path} is no regular file`);
    if (found.size >= mostReports) {
      if (refused.length === 0) refused.push(`more than ${mostReports} files match`);
      return;
    }
    const state = [info.dev, info.ino, info.size, info.mtimeNs, info.ctimeNs].join(':');
    found.set(path, { path, real, state });
  }

  async function walk(folder: string, parts: readonly string[]): Promise<void> {
    const [part, ...rest] = parts;
    if (part === undefined) return;
    if (isPlain(part)) {
      const path = folder === '' ? part : `${folder}/${part}`;
      return rest.length === 0 ? take(path) : walk(path, rest);
    }
    const entries = await readdir(join(top, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (--left < 0) return;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (part === '**') {
        // Links to folders are not followed here: they may lead in a circle.
        if (entry.isDirectory() && !passedOver.has(entry.name)) await walk(path, parts);
      } else if (matchesName(entry.name, part)) {
        if (rest.length === 0) await take(path);
        else if (entry.isDirectory()) await walk(path, rest);
      }
    }
    if (part === '**') await walk(folder, rest);
  }

  await walk('', partsOf(pattern));
  if (left < 0) refused.push(`${pattern} has too many files to look at`);
  const reports = [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { reports, refused };
}
