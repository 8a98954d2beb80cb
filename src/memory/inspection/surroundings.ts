import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { failed, passed, warning, type Finding } from '../../domain/check.ts';
import { counted } from '../../domain/counted.ts';
import { messageOf } from '../../domain/errors.ts';
import { hostMark, sweepFolder } from '../../../providers/runtime/atomic-file.ts';
import { disk, type FolderEntry } from '../../../providers/runtime/disk.ts';
import { ifMissing } from '../../../providers/runtime/errno.ts';
import { withFileLock } from '../../../providers/runtime/file-lock.ts';
import { identify } from '../../../providers/runtime/processes.ts';
import { layoutOf } from '../layout.ts';
import { idsNewestFirst } from './deployments.ts';

/** Deployments whose folders are searched for what was left or set aside, newest first. */
const mostFolders = 500;

/** `.<name>.<machine>-<pid>-…`: temporary files, and what waits for a lock. */
const temporary = /^\..+\.([0-9a-f]{8})-(\d+)-[0-9a-f]{12}(?:-[0-9a-f]{12})?(?:\.tmp|\.gone)?$/;
const holder = /^([0-9a-f]{8})-(\d+)-/;

const list = (folder: string) => disk.list(folder).catch(ifMissing<FolderEntry[]>([]));

const ended = (match: RegExpExecArray | null) =>
  match !== null && match[1] === hostMark && !identify(Number(match[2]));

/** The folders that writers write into. */
async function foldersOf(dir: string): Promise<string[]> {
  const at = layoutOf(dir);
  const [current, history] = await Promise.all(
    [at.current, at.history].map(async (folder) =>
      (await idsNewestFirst(folder)).slice(0, mostFolders).map((id) => path.join(folder, id)),
    ),
  );
  return [dir, path.dirname(at.patterns), at.current, at.history, ...(current ?? []), ...(history ?? [])];
}

interface Leftover {
  path: string;
  lock: boolean;
}

async function leftoversIn(dir: string): Promise<Leftover[]> {
  const found: Leftover[] = [];
  for (const folder of await foldersOf(dir))
    for (const { name } of await list(folder)) {
      const file = path.join(folder, name);
      if (ended(temporary.exec(name))) found.push({ path: file, lock: false });
      else if (name.startsWith('.') && name.endsWith('.lock')) {
        const holders = await disk.list(file).catch(() => []);
        if (holders.some((entry) => ended(holder.exec(entry.name)))) found.push({ path: file, lock: true });
      }
    }
  return found;
}

export async function inspectLeftovers(dir: string): Promise<Finding[]> {
  const found = await leftoversIn(dir);
  if (found.length === 0) return [passed('none')];
  const names = found.slice(0, 5).map((each) => path.relative(dir, each.path));
  return [
    warning(
      `${counted(found.length, 'file')} of writers that were killed: ${names.join(', ')}${found.length > 5 ? ' …' : ''}`,
      'They are in nobody’s way; the next write, or `orchestrate doctor --fix`, removes them.',
    ),
  ];
}

/** Removes what ended writers left; how many. */
export async function removeLeftovers(dir: string): Promise<number> {
  const found = await leftoversIn(dir);
  for (const folder of new Set(found.filter(({ lock }) => !lock).map((each) => path.dirname(each.path))))
    await sweepFolder(folder);
  // Taking and giving back is how a dead holder's lock goes, safe beside others who want it.
  for (const { path: lock } of found.filter((each) => each.lock))
    await withFileLock(lock, async () => undefined);
  return found.length;
}

export async function inspectSetAside(dir: string): Promise<Finding[]> {
  const found: string[] = [];
  for (const folder of await foldersOf(dir))
    for (const { name } of await list(folder))
      if (name.includes('.corrupt-')) found.push(path.relative(dir, path.join(folder, name)));
  if (found.length === 0) return [passed('none')];
  return found.map((name) =>
    warning(
      `${name} did not parse and was set aside`,
      'What follows from journals was made again. Take from it what you miss, then remove it: nothing reads it any more.',
    ),
  );
}

/** Rights and links of the memory's own folders; undefined where there is no memory. */
export async function inspectFolder(dir: string): Promise<Finding[] | undefined> {
  if (!(await disk.exists(dir))) return undefined;
  const findings: Finding[] = [];
  const base = await disk.real(dir);
  for (const { name, kind } of await list(dir)) {
    const file = path.join(dir, name);
    if (kind === 'other') {
      const real = await disk.real(file).catch(() => undefined);
      if (real === undefined) findings.push(failed(`${name} is a link to nothing`, 'Remove it.'));
      else if (!real.startsWith(base + path.sep))
        findings.push(
          failed(
            `${name} leads to ${real}, out of the memory: nothing is written through it`,
            'Replace the link by what it leads to.',
          ),
        );
      continue;
    }
    const problem = await access(file, constants.R_OK | (name.startsWith('.') ? 0 : constants.W_OK)).then(
      () => undefined,
      (error: unknown) => messageOf(error),
    );
    if (problem !== undefined)
      findings.push(
        failed(
          `${name} cannot be read and written: ${problem}`,
          `Check its owner and rights: ls -l '${file}'`,
        ),
      );
  }
  const writes = await access(dir, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writes)
    findings.push(failed(`${dir} cannot be written`, 'Deployments need it; check its owner and rights.'));
  return findings.length > 0 ? findings : [passed(dir)];
}
