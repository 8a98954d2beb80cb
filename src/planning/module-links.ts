import type { DependencyReason } from '../domain/feature.ts';
import type { FileDiff } from './diff.ts';
import type { Ownership } from './ownership.ts';

const script = /\.[cm]?[jt]sx?$|\.(?:vue|svelte|astro)$/u;
const specifier = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(["'])(\.{1,2}\/[^"'\n]{1,300})\1/gu;
const named =
  /\bimport\s+(?:type\s+)?(?:\w+\s*,\s*)?\{([^}]{1,2000})\}\s*from\s*(["'])(\.{1,2}\/[^"'\n]{1,300})\2|\{([^}]{1,2000})\}\s*=\s*require\s*\(\s*(["'])(\.{1,2}\/[^"'\n]{1,300})\5/gu;
const exported =
  /^\s*export\s+(?:declare\s+)?(?:default\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|class|interface|type|const|let|var|enum)\s+(\w+)|^\s*(?:module\.)?exports\.(\w+)\s*=/u;
const python = /^\s*from\s+(\.+[\w.]*|[\w.]+)\s+import\s+|^\s*import\s+([\w.]+)/u;

/** Endings a specifier may leave out, or write for the file it is built from. */
const endings = [
  '',
  '.ts',
  '.tsx',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '.mts',
  '.cts',
  '.vue',
  '.svelte',
  '.json',
  '/index.ts',
  '/index.tsx',
  '/index.js',
  '/index.mjs',
  '/index.jsx',
];

/**
 * Which waiting unit made what another one imports: a file that is new, or a name newly exported from a file the base
 * has. Lines alone do not show it: such a pick applies cleanly and then does not start.
 */
export class Imports {
  /** `path\0name` → the waiting unit that exported it. */
  private readonly exports = new Map<string, number>();

  constructor(private readonly ownership: Ownership) {}

  /** Takes in a unit's diff, its files already applied to the ownership; gives the units its new imports rest on. */
  apply(unit: number, files: readonly FileDiff[]): Map<number, DependencyReason> {
    for (const file of files) this.note(unit, file);
    const needs = new Map<number, DependencyReason>();
    for (const file of files) {
      for (const { owner, line } of this.importsOf(file))
        if (owner !== unit && !needs.has(owner))
          needs.set(owner, { kind: 'import', path: file.path, ...(line > 0 && { line }) });
    }
    return needs;
  }

  private note(unit: number, file: FileDiff): void {
    if (!script.test(file.path)) return;
    const before = new Set(file.removed.map(({ text }) => exported.exec(text)?.slice(1).find(Boolean)));
    for (const { text } of file.added) {
      const name = exported.exec(text)?.slice(1).find(Boolean);
      if (name !== undefined && !before.has(name)) this.exports.set(`${file.path}\0${name}`, unit);
    }
  }

  private *importsOf(file: FileDiff): Generator<{ owner: number; line: number }> {
    if (/\.pyi?$/u.test(file.path)) {
      for (const { text, line } of file.added) {
        const module = python.exec(text);
        const owner = module && this.creatorOfModule(file.path, module[1] ?? module[2] ?? '');
        if (owner !== undefined && owner !== null) yield { owner, line };
      }
      return;
    }
    if (!script.test(file.path)) return;
    for (const { text, line } of file.added)
      for (const match of text.matchAll(specifier)) {
        const owner = this.ownership.creatorOf(
          this.resolve(file.path, match[2] ?? '', (path) => this.ownership.creatorOf(path) !== undefined) ??
            '',
        );
        if (owner !== undefined) yield { owner, line };
      }
    const text = file.added.map((line) => line.text).join('\n');
    for (const match of text.matchAll(named)) {
      const names = (match[1] ?? match[4] ?? '').split(',').map(
        (name) =>
          name
            .trim()
            .replace(/^type\s+/u, '')
            .split(/\s+as\s+|\s*:\s*/u)[0] ?? '',
      );
      for (const name of names) {
        const target = this.resolve(file.path, match[3] ?? match[6] ?? '', (path) =>
          this.exports.has(`${path}\0${name}`),
        );
        const owner = target === undefined ? undefined : this.exports.get(`${target}\0${name}`);
        if (owner !== undefined)
          yield { owner, line: file.added.find((at) => at.text.includes(name))?.line ?? 0 };
      }
    }
  }

  private resolve(from: string, target: string, known: (path: string) => boolean): string | undefined {
    const path = joinPath(from, target);
    if (path === undefined) return undefined;
    const bare = path.replace(/\.[cm]?jsx?$/u, '');
    return [path, bare].flatMap((stem) => endings.map((ending) => stem + ending)).find(known);
  }

  private creatorOfModule(from: string, module: string): number | undefined {
    const dots = /^\.+/u.exec(module)?.[0].length ?? 0;
    const tail = module.slice(dots).replaceAll('.', '/');
    const stem = dots === 0 ? tail : joinPath(from, `${'../'.repeat(dots - 1)}${tail}`);
    if (!stem) return undefined;
    return this.ownership.creatorOf(`${stem}.py`) ?? this.ownership.creatorOf(`${stem}/__init__.py`);
  }
}

/** `target` relative to the folder of `from`; undefined when it leaves the repository. */
function joinPath(from: string, target: string): string | undefined {
  const parts = from.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else parts.push(part);
  }
  return parts.join('/');
}
