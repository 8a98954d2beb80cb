import { z } from 'zod';
import type { Git } from '../ports/git.ts';

/** What a package.json says of where others come in; anything else in these fields says nothing. */
const manifest = z.object({
  name: z.string(),
  exports: z.unknown().optional(),
  main: z.unknown().optional(),
  module: z.unknown().optional(),
  browser: z.unknown().optional(),
  types: z.unknown().optional(),
  typings: z.unknown().optional(),
  bin: z.unknown().optional(),
  publishConfig: z.unknown().optional(),
});

/** Modules that a package offers, as its package.json names them: extensions and the folders of a build left out. */
export type Entries = readonly string[];

/** Says whether others can import a module, by its path in the repository. */
export type IsEntry = (path: string) => boolean;

/** Names in a package.json that are looked at; one lists a few, or a few hundred. */
const mostEntries = 2000;

/** Reads the package.json files above these paths in a revision, with one process. Packages that cannot be read count as none. */
export async function readEntries(
  git: Git,
  revision: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<IsEntry> {
  const folders = [...new Set(paths.flatMap(foldersOf))].filter((folder) => !/[\n\r]/u.test(folder));
  if (folders.length === 0) return () => true;
  const input = folders.map((folder) => `${revision}:${folder}package.json\n`).join('');
  const { stdout } = await git.run(['cat-file', '--batch', '--buffer'], { ...(signal && { signal }), input });
  const packages = new Map<string, Entries>();
  let at = 0;
  for (const folder of folders) {
    const end = stdout.indexOf(0x0a, at);
    if (end < 0) break;
    const size = / blob (\d{1,9})$/u.exec(stdout.toString('utf8', at, end))?.[1];
    at = end + 1;
    if (size === undefined) continue;
    const entries = entriesOf(stdout.toString('utf8', at, at + Number(size)));
    if (entries) packages.set(folder, entries);
    at += Number(size) + 1;
  }
  return (path) => isEntry(path, packages);
}

/** The folders a path stands in, each ending in `/`, the nearest first; the root is empty. */
function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => `${parts.slice(0, parts.length - i).join('/')}/`).concat('');
}

/** What a package.json names; undefined for one that is no package, as those that only set a folder's module type. */
export function entriesOf(text: string): Entries | undefined {
  try {
    const read = manifest.safeParse(JSON.parse(text));
    if (!read.success) return undefined;
    const { name: _name, ...fields } = read.data;
    const found: string[] = [];
    collect(fields, found, 0);
    return found.flatMap((entry) => {
      const own = bare(entry);
      // `./types/*` offers that folder, and not every module there is.
      return own.startsWith('*') && !/^\.?\/?\*/u.test(entry) ? entry.replace(/^\.\//u, '') : own;
    });
  } catch {
    return undefined;
  }
}

function collect(value: unknown, found: string[], depth: number): void {
  if (found.length >= mostEntries || depth > 8) return;
  if (typeof value === 'string') found.push(value.slice(0, 300));
  else if (typeof value === 'object' && value !== null)
    for (const one of Object.values(value)) collect(one, found, depth + 1);
}

/** `./dist/types/cart/index.d.ts`, `src/cart/index.ts` → `cart/index`. */
function bare(path: string): string {
  return path
    .replace(/^\.?\//u, '')
    .replace(/^(?:(?:src|source|dist|build|lib|out|es|esm|cjs|types?|typings)\/)+/u, '')
    .replace(/(?:\.d)?\.[cm]?[jt]sx?$/u, '');
}

/**
 * Whether a module is one that others import: the package above it names it, it is what a package is entered by when
 * nothing is named, or it declares types outside the sources. Without a package above it every module is taken for one.
 */
export function isEntry(path: string, packages: ReadonlyMap<string, Entries>): boolean {
  const folder = foldersOf(path).find((one) => packages.has(one));
  if (folder === undefined) return true;
  const within = path.slice(folder.length);
  const own = bare(within);
  if (/\.d\.[cm]?ts$/u.test(within) && !/^(?:src|lib)\//u.test(within)) return true;
  if (/^(?:index|mod|main|api|public[-_]api)$/iu.test(own)) return true;
  return (packages.get(folder) ?? []).some((entry) => {
    const star = entry.indexOf('*');
    return star < 0
      ? entry === own || (entry !== '' && `${entry}/index` === own)
      : [own, within].some(
          (one) =>
            one.startsWith(entry.slice(0, star)) && (one.endsWith(entry.slice(star + 1)) || one === within),
        );
  });
}
