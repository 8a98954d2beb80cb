import { parse } from 'yaml';
import { z } from 'zod';

/** A lockfile with the manifests below its folder, by their path from there. */
export interface LockedFolder {
  lock: string;
  manifests: ReadonlyMap<string, string>;
}

/** Whether lock and manifests go together; a text says what does not; undefined when only the tool itself can tell. */
type Fit = true | string | undefined;

const ranges = z.record(z.string(), z.string()).optional();
const packageSchema = z.object({
  name: z.string().optional(),
  dependencies: ranges,
  devDependencies: ranges,
  optionalDependencies: ranges,
  peerDependencies: ranges,
  resolutions: z.unknown().optional(),
});
type Package = z.infer<typeof packageSchema>;
const sections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

const npmSchema = z.object({ packages: z.record(z.string(), z.unknown()) });
const pnpmSchema = z.object({
  importers: z.record(
    z.string(),
    z.record(z.string(), z.record(z.string(), z.looseObject({ specifier: z.string() }))),
  ),
});

/**
 * Looks whether a lockfile holds what its manifests ask for, in the way the tool's own strict install does: npm and
 * Yarn 1 let a lock hold more, pnpm does not, Go needs the sums of what is required. Total: what cannot be read is left
 * to the tool.
 */
export function lockFits(tool: string, folder: LockedFolder): Fit {
  try {
    switch (tool) {
      case 'npm':
        return npmFits(folder);
      case 'pnpm':
        return pnpmFits(folder);
      case 'yarn':
        return yarnFits(folder);
      case 'go':
        return goFits(folder);
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function packagesOf({ manifests }: LockedFolder): [folder: string, manifest: Package][] {
  return [...manifests]
    .filter(([path]) => path === 'package.json' || path.endsWith('/package.json'))
    .map(([path, text]) => [folderOf(path), packageSchema.parse(JSON.parse(text))]);
}

function npmFits(folder: LockedFolder): Fit {
  const { packages } = npmSchema.parse(JSON.parse(folder.lock));
  for (const [place, manifest] of packagesOf(folder)) {
    if (!Object.hasOwn(packages, place)) {
      // Below the root only workspaces are locked; any other package there is not the lock's business.
      if (place === '') return 'the lockfile has no entry for the project itself';
      continue;
    }
    const locked = packageSchema.parse(packages[place]);
    for (const section of sections)
      for (const [name, range] of Object.entries(manifest[section] ?? {})) {
        const known = locked[section] ?? {};
        if (!Object.hasOwn(known, name)) return `${name} is not in the lockfile`;
        if (known[name] !== range)
          return `${name} is ${range} in package.json and ${known[name]} in the lockfile`;
      }
  }
  return true;
}

function pnpmFits(folder: LockedFolder): Fit {
  const { importers } = pnpmSchema.parse(parse(folder.lock, { maxAliasCount: 0 }));
  for (const [place, manifest] of packagesOf(folder)) {
    const importer = place === '' ? '.' : place;
    if (!Object.hasOwn(importers, importer)) {
      if (place === '') return 'the lockfile has no entry for the project itself';
      continue;
    }
    for (const section of ['dependencies', 'devDependencies', 'optionalDependencies'] as const) {
      const locked = importers[importer]?.[section] ?? {};
      const wanted = manifest[section] ?? {};
      for (const name of new Set([...Object.keys(locked), ...Object.keys(wanted)])) {
        const [is, was] = [wanted[name], locked[name]?.specifier];
        if (is !== was)
          return `${name} is ${is ?? 'absent'} in package.json and ${was ?? 'absent'} in the lockfile`;
      }
    }
  }
  return true;
}

function yarnFits(folder: LockedFolder): Fit {
  if (folder.lock.includes('\n__metadata:')) return undefined;
  const known = new Set<string>();
  for (const line of folder.lock.split('\n'))
    if (/^["@\w]/u.test(line) && line.endsWith(':'))
      for (const key of line.slice(0, -1).split(', ')) known.add(key.replaceAll('"', ''));
  const packages = packagesOf(folder);
  const own = new Set(packages.map(([, { name }]) => name));
  for (const [, manifest] of packages) {
    if (manifest.resolutions !== undefined) return undefined;
    for (const section of ['dependencies', 'devDependencies', 'optionalDependencies'] as const)
      for (const [name, range] of Object.entries(manifest[section] ?? {})) {
        if (own.has(name) || /^(?:file|link|workspace|portal):/u.test(range)) continue;
        if (!known.has(`${name}@${range}`)) return `${name}@${range} is not in the lockfile`;
      }
  }
  return true;
}

function goFits({ lock, manifests }: LockedFolder): Fit {
  const text = manifests.get('go.mod');
  if (text === undefined || /^replace\b/mu.test(text)) return undefined;
  const sums = new Set(lock.split('\n').map((line) => line.split(' ', 2).join(' ')));
  for (const line of text.split('\n')) {
    const [name, version] = line
      .replace(/^\s*require\s/u, '')
      .trim()
      .split(/\s+/u, 2);
    if (name === undefined || version === undefined || !/^v\d/u.test(version) || !name.includes('.'))
      continue;
    if (!sums.has(`${name} ${version}/go.mod`)) return `${name} ${version} is not in go.sum`;
  }
  return true;
}
