import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Static imports and re-exports that are there when the program runs; types are gone by then. */
const runtimeImport = /^(?:import|export)(?! type\b)[^;]*?from '([^']+)'|^import '([^']+)'/gm;

/** The names of the packages that a program loads at its start, by way of any file; `entry` is an absolute path. */
export function importsOf(entry: string): Set<string> {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const [, from, bare] of readFileSync(file, 'utf8').matchAll(runtimeImport)) {
      const name = from ?? bare ?? '';
      if (name.startsWith('.')) open.push(path.resolve(path.dirname(file), name));
      else if (!name.startsWith('node:')) packages.add(name.split('/')[0] ?? name);
    }
  }
  return packages;
}
