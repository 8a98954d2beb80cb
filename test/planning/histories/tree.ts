import type { Act } from './history.ts';

/** A file of a generated tree; `text` is bytes as latin1, of a submodule its commit. */
export interface Entry {
  mode: '100644' | '100755' | '120000' | '160000';
  text: string;
}

/** Paths (bytes as latin1) and what lies there. */
export type Tree = ReadonlyMap<string, Entry>;

const names = [
  'src/a.ts',
  'src/b.ts',
  'lib/c.py',
  'd.txt',
  'lib/deep/e.ts',
  'f',
  'db/migrations/1_x.sql',
  'g.md',
];
const lockfile = 'package-lock.json';
const changelog = 'CHANGELOG.md';

export const plain = (text: string): Entry => ({ mode: '100644', text });
export const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** What the base begins with: `files` files of twenty lines, a lockfile and a changelog. */
export function firstTree(files: number): Tree {
  const tree = new Map<string, Entry>();
  for (const name of names.slice(0, files))
    tree.set(name, plain(textOf(Array.from({ length: 20 }, (_, i) => `${name} line ${i}`))));
  tree.set(lockfile, plain('{\n  "lockfileVersion": 3\n}\n'));
  tree.set(changelog, plain('# Changes\n\n- first\n'));
  return tree;
}

/** `tree` after one act; `mark` makes what it writes its own. `changes` are the trees around each unit so far. */
export function perform(
  tree: Tree,
  act: Act,
  mark: string,
  changes: readonly { before: Tree; after: Tree }[],
): Tree {
  const next = new Map(tree);
  const files = [...tree].filter(
    ([path, { mode }]) => mode.startsWith('1006') || mode === '100755' || path === '',
  );
  const own = files.filter(([path]) => path !== lockfile && path !== changelog);
  const pick = (n: number) => own[n % Math.max(1, own.length)];
  const edit = (path: string, at: number, remove: number, insert: number) => {
    const entry = next.get(path);
    if (!entry || entry.mode === '120000' || entry.mode === '160000') return;
    const lines = linesOf(entry.text);
    const from = at % (lines.length + 1);
    lines.splice(from, remove, ...Array.from({ length: insert }, (_, i) => `${mark} ${i}`));
    next.set(path, { ...entry, text: textOf(lines) });
  };
  switch (act.kind) {
    case 'edit': {
      const [path] = pick(act.file) ?? [];
      if (path !== undefined) edit(path, act.at, act.remove, act.insert);
      const [other] = act.also === undefined ? [] : (pick(act.also) ?? []);
      if (other !== undefined && other !== path) edit(other, act.at + 7, 1, 1);
      break;
    }
    case 'add':
      place(
        next,
        freeName(next, act.name),
        plain(textOf(Array.from({ length: act.lines }, (_, i) => `${mark} new ${i}`))),
      );
      break;
    case 'delete': {
      const [path] = pick(act.file) ?? [];
      if (path !== undefined) next.delete(path);
      break;
    }
    case 'move': {
      const [path, entry] = pick(act.file) ?? [];
      if (path === undefined || !entry) break;
      next.delete(path);
      const target = freeName(next, act.name);
      place(next, target, entry);
      if (act.edit) edit(target, act.name, 1, 1);
      break;
    }
    case 'revert': {
      const change = changes[act.unit % Math.max(1, changes.length)];
      if (!change) break;
      for (const path of new Set([...change.before.keys(), ...change.after.keys()])) {
        const [before, after] = [change.before.get(path), change.after.get(path)];
        if (before === after || next.get(path) !== after) continue;
        if (before) place(next, path, before);
        else next.delete(path);
      }
      break;
    }
    case 'release': {
      const [path] = pick(act.file) ?? [];
      if (path !== undefined) edit(path, act.at, 1, 1);
      next.set(lockfile, plain(`{\n  "lockfileVersion": 3,\n  "x": "${mark}"\n}\n`));
      edit(changelog, 2, 0, 1);
      break;
    }
    case 'odd': {
      const [path, entry] = pick(act.file) ?? [];
      if (path !== undefined && entry) makeOdd(next, path, entry, act.what, mark);
      break;
    }
    case 'empty':
      break;
  }
  return next;
}

function makeOdd(
  tree: Map<string, Entry>,
  path: string,
  entry: Entry,
  what: Extract<Act, { kind: 'odd' }>['what'],
  mark: string,
): void {
  switch (what) {
    case 'mode':
      tree.set(path, { ...entry, mode: entry.mode === '100755' ? '100644' : '100755' });
      break;
    case 'symlink':
      tree.set(path, { mode: '120000', text: `to ${mark}` });
      break;
    case 'submodule':
      place(tree, 'vendor/module', {
        mode: '160000',
        text: Buffer.from(mark.padEnd(20, '#').slice(0, 20)).toString('hex'),
      });
      break;
    case 'binary':
      place(tree, 'logo.bin', plain(`\0\x01${mark}\xff\0`));
      break;
    case 'folder':
      tree.delete(path);
      place(tree, `${path}/inside`, entry);
      break;
    case 'name':
      place(tree, 'caf\xe9 \n\x1b[31m"\\ -x', plain(`${mark}\n`));
      break;
    case 'no newline':
      tree.set(path, { ...entry, text: `${entry.text}${mark} without an end` });
      break;
    case 'back':
      for (const [folder, inside] of tree)
        if (folder.endsWith('/inside')) {
          tree.delete(folder);
          place(tree, folder.slice(0, -'/inside'.length), inside);
          break;
        }
      break;
  }
}

/** Puts a file where it may be in the way of a folder, or the other way round: what was there goes. */
function place(tree: Map<string, Entry>, path: string, entry: Entry): void {
  for (const other of tree.keys())
    if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) tree.delete(other);
  tree.set(path, entry);
}

function freeName(tree: Tree, n: number): string {
  const name = names[n % names.length] ?? 'x';
  return tree.has(name) ? `${n % 3}/${name}` : name;
}
