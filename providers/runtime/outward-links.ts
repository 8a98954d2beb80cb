import { realpath, rm } from 'node:fs/promises';
import { sep } from 'node:path';
import type { Git } from '../../src/ports/git.ts';

/**
 * Takes the links out of a work tree of `sha` that lead out of it, or nowhere: a commit may hold one at any place where
 * a program reads or writes, and then what is changed are the user's own files.
 */
export async function removeOutwardLinks(git: Git, workTree: string, sha: string): Promise<void> {
  const root = await realpath(workTree);
  for (const name of await linksOf(git, sha)) {
    const path = Buffer.concat([Buffer.from(`${root}${sep}`), name]);
    const target = await realpath(path).catch(() => undefined);
    if (target !== root && !target?.startsWith(`${root}${sep}`)) await rm(path, { force: true });
  }
}

/** Paths of a version's links, as bytes. */
async function linksOf(git: Git, sha: string): Promise<Buffer[]> {
  const { stdout } = await git.run(['ls-tree', '-r', '-z', '--full-tree', sha]);
  const links: Buffer[] = [];
  for (let at = 0; at < stdout.length;) {
    const end = stdout.indexOf(0, at);
    const entry = stdout.subarray(at, end);
    if (entry.toString('latin1', 0, 6) === '120000') links.push(entry.subarray(entry.indexOf('\t') + 1));
    at = end + 1;
  }
  return links;
}
