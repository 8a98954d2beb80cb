/** Longest path and name in an artifact, in bytes: what common file systems take. */
const longestPath = 4096;
const longestName = 255;

/** Why a path may not be in an artifact; undefined for one that stays below its root on every file system. */
export function badArtifactPath(path: string): string | undefined {
  if (path === '' || Buffer.byteLength(path) > longestPath) return 'a path of no or too great a length';
  if (path.includes('\0') || path.includes('�')) return 'a name that is no text';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.includes('\\'))
    return 'a path that is not below the work tree';
  for (const part of path.split('/')) {
    if (part === '' || part === '.' || part === '..') return 'a path that leads out of the work tree';
    if (part.toLowerCase() === '.git') return 'a path into git’s own files';
    if (Buffer.byteLength(part) > longestName) return 'a name of too great a length';
  }
  return undefined;
}

/**
 * Why a link may not be in an artifact: it leads out of the work tree, or names a place of this machine. `..` is taken at a
 * target's beginning only, where it means the link's own folders: behind a name that is a link too it could lead anywhere.
 */
export function badArtifactLink(path: string, target: string): string | undefined {
  if (target === '' || target.includes('\0') || target.includes('�')) return 'a link to no name';
  if (target.startsWith('/') || /^[A-Za-z]:/.test(target) || target.includes('\\'))
    return 'a link to an absolute path';
  let depth = path.split('/').length - 1;
  let named = false;
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') named = true;
    else if (named || --depth < 0) return 'a link out of the work tree';
  }
  return undefined;
}
