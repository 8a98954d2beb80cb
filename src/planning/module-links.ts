import type { DependencyReason } from '../domain/feature.ts';
import { isPython, type Import, type ModuleFacts } from './modules.ts';
import type { Ownership } from './ownership.ts';

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
export class ModuleLinks {
  /** `path\0name` → the waiting unit that exported it. */
  private readonly exports = new Map<string, number>();

  constructor(private readonly ownership: Ownership) {}

  /** Takes in a unit's modules, its files already applied to the ownership; gives the units its new imports rest on. */
  apply(unit: number, facts: ModuleFacts): Map<number, DependencyReason> {
    this.note(unit, facts);
    const needs = new Map<number, DependencyReason>();
    for (const { path, of } of facts.imports)
      for (const one of of) {
        const owner = this.ownerOf(path, one);
        if (owner !== undefined && owner !== unit && !needs.has(owner))
          needs.set(owner, { kind: 'import', path, ...(one.line > 0 && { line: one.line }) });
      }
    return needs;
  }

  /** Takes in what a unit exports, and nothing else. */
  note(unit: number, { exports }: ModuleFacts): void {
    for (const { path, names } of exports)
      for (const name of names) this.exports.set(`${path}\0${name}`, unit);
  }

  private ownerOf(from: string, { target, names }: Import): number | undefined {
    if (isPython(from)) return this.creatorOfModule(from, target);
    const [name] = names ?? [];
    if (name === undefined) {
      const made = resolve(from, target, (path) => this.ownership.creatorOf(path) !== undefined);
      return made === undefined ? undefined : this.ownership.creatorOf(made);
    }
    const holder = resolve(from, target, (path) => this.exports.has(`${path}\0${name}`));
    return holder === undefined ? undefined : this.exports.get(`${holder}\0${name}`);
  }

  private creatorOfModule(from: string, module: string): number | undefined {
    const dots = /^\.+/u.exec(module)?.[0].length ?? 0;
    const tail = module.slice(dots).replaceAll('.', '/');
    const stem = dots === 0 ? tail : joinPath(from, `${'../'.repeat(dots - 1)}${tail}`);
    if (!stem) return undefined;
    return this.ownership.creatorOf(`${stem}.py`) ?? this.ownership.creatorOf(`${stem}/__init__.py`);
  }
}

function resolve(from: string, target: string, known: (path: string) => boolean): string | undefined {
  const path = joinPath(from, target);
  if (path === undefined) return undefined;
  const bare = path.replace(/\.[cm]?jsx?$/u, '');
  return [path, bare].flatMap((stem) => endings.map((ending) => stem + ending)).find(known);
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
