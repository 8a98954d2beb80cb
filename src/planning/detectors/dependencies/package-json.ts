import type { Sides } from '../sides.ts';
import type { Statement } from '../statements.ts';
import { compareVersions } from './versions.ts';

const sections = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

/** What turns one package.json's dependencies into the other's; undefined where a side is no JSON object. */
export function comparePackageJson({ before, after }: Sides): Statement[] | undefined {
  const [old, now] = [packagesOf(before), packagesOf(after)];
  return old && now ? compareVersions(old, now) : undefined;
}

function packagesOf(text: string): Map<string, string> | undefined {
  const packages = new Map<string, string>();
  if (text === '') return packages;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    // What runs in production is told before what only builds it.
    for (const [section, entries] of Object.entries(parsed))
      if (sections.includes(section) && typeof entries === 'object' && entries !== null)
        for (const [name, version] of Object.entries(entries))
          if (!packages.has(name) && typeof version === 'string') packages.set(name, version);
    return packages;
  } catch {
    return undefined;
  }
}
