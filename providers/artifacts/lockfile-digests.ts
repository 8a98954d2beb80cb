import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Git } from '../../src/ports/git.ts';

const lockfiles: ReadonlySet<string> = new Set([
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
  'deno.lock',
  'cargo.lock',
  'go.sum',
  'poetry.lock',
  'pipfile.lock',
  'pdm.lock',
  'uv.lock',
  'requirements.txt',
  'gemfile.lock',
  'composer.lock',
  'packages.lock.json',
  'gradle.lockfile',
  'mix.lock',
]);
/** More than any project has; what comes after them is not named. */
const most = 200;

/** The lockfiles of a version with the digests of their contents, by their paths: what its dependencies are installed from. */
export async function lockfileDigests(git: Git, sha: string): Promise<{ path: string; sha256: string }[]> {
  const listed = (await git.text(['ls-tree', '-r', '-z', '--full-tree', sha])).split('\0');
  const found: { path: string; sha256: string }[] = [];
  for (const line of listed) {
    const match = /^100\d{3} blob ([0-9a-f]+)\t([^]+)$/.exec(line);
    const [, object = '', path = ''] = match ?? [];
    if (!match || found.length === most || !lockfiles.has(basename(path).toLowerCase())) continue;
    const { stdout } = await git.run(['cat-file', 'blob', object]);
    found.push({ path, sha256: createHash('sha256').update(stdout).digest('hex') });
  }
  return found;
}
