import { safeText } from '../../domain/safe-text.ts';
import type { Git } from '../../ports/git.ts';
import type { StaleLockfile } from '../../ports/lockfiles.ts';
import { lockFits } from './fits.ts';
import { isKnownLock, toolFor, type LockTool } from './tools.ts';

/** A file of a tree. Only plain files count: a tool must not be led elsewhere by a link. */
type Tree = ReadonlyMap<string, string>;

interface Place {
  git: Git;
  path: string;
  folder: string;
  /** Paths of the manifests the lockfile is about, in either tree. */
  manifests: readonly string[];
}

/**
 * The lockfiles of a candidate that do not fit its manifests. A conflict in a lockfile was settled by taking the head's,
 * which fits the head's manifests: where the candidate's differ, it may not fit them. What git merged line by line is trusted
 * unless a look shows otherwise, and so is everything where the head's own files do not pass that look.
 */
export async function findStaleLockfiles(git: Git, tree: string, head: string): Promise<StaleLockfile[]> {
  if (tree === head) return [];
  const [own, theirs] = [await readTree(git, tree), await readTree(git, head)];
  const locks = [...own.keys()].filter((path) => isKnownLock(nameOf(path)) && !isVendored(path));
  const isChanged = (path: string) => own.get(path) !== theirs.get(path);
  const around = groupByLock([...new Set([...own.keys(), ...theirs.keys()])], new Set(locks.map(folderOf)));
  const stale: StaleLockfile[] = [];
  for (const path of locks) {
    const folder = folderOf(path);
    const files = around.get(folder) ?? [];
    if (!files.some(isChanged)) continue;
    const lock = await readBlob(git, own.get(path));
    const tool = toolFor(nameOf(path), lock);
    if (!tool) continue;
    const manifests = files.filter((file) => tool.manifests.includes(nameOf(file).toLowerCase()));
    const same = !isChanged(path);
    if (same && !manifests.some(isChanged)) continue;
    const reason = await misfit({ git, path, folder, manifests }, { own, theirs }, { lock, tool, same });
    if (reason !== undefined) stale.push(staleLockfile(path, folder, tool, reason));
  }
  return stale;
}

async function misfit(
  { git, path, folder, manifests }: Place,
  trees: { own: Tree; theirs: Tree },
  { lock, tool, same }: { lock: string; tool: LockTool; same: boolean },
): Promise<string | undefined> {
  const read = async (tree: Tree) => {
    const texts = new Map<string, string>();
    for (const file of manifests)
      if (tree.has(file)) texts.set(file.slice(folder.length), await readBlob(git, tree.get(file)));
    return texts;
  };
  const fit = lockFits(tool.name, { lock, manifests: await read(trees.own) });
  if (fit === true) return undefined;
  if (fit === undefined)
    return same ? 'the lockfile is the head’s, whose manifest says something else' : undefined;
  const before = same ? lock : await readBlob(git, trees.theirs.get(path));
  const onHead = lockFits(tool.name, { lock: before, manifests: await read(trees.theirs) });
  return onHead === true ? safeText(fit, 300) : undefined;
}

/** What is to be done about one lockfile. */
function staleLockfile(path: string, folder: string, tool: LockTool, reason: string): StaleLockfile {
  return {
    path,
    folder,
    tool: tool.name,
    argv: tool.argv,
    env: tool.env ?? {},
    writes: [nameOf(path), ...(tool.writes ?? [])],
    setAside: tool.setAside ?? [],
    keeps: tool.keeps ?? {},
    reason,
  };
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
const isVendored = (path: string) => /(?:^|\/)(?:node_modules|vendor|third_party)\//u.test(path);

/** What is not vendored, by the folder of the lockfile that it would count for. */
function groupByLock(files: readonly string[], folders: ReadonlySet<string>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const folder = isVendored(file) ? undefined : nearest(file, folders);
    if (folder === undefined) continue;
    const group = groups.get(folder);
    if (group) group.push(file);
    else groups.set(folder, [file]);
  }
  return groups;
}

/** The folder nearest above a file that has a lockfile. */
function nearest(file: string, folders: ReadonlySet<string>): string | undefined {
  for (let folder = folderOf(file); ; folder = folderOf(folder.slice(0, -1))) {
    if (folders.has(folder)) return folder;
    if (folder === '') return undefined;
  }
}

async function readTree(git: Git, tree: string): Promise<Tree> {
  const { stdout } = await git.run(['ls-tree', '-r', '-z', '--full-tree', tree]);
  const files = new Map<string, string>();
  for (const entry of stdout.toString('utf8').split('\0')) {
    const tab = entry.indexOf('\t');
    const [mode, , sha = ''] = entry.slice(0, tab).split(' ');
    if (mode === '100644' || mode === '100755') files.set(entry.slice(tab + 1), sha);
  }
  return files;
}

async function readBlob(git: Git, sha: string | undefined): Promise<string> {
  return sha === undefined ? '' : git.text(['cat-file', 'blob', sha]);
}
