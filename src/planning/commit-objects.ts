import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrchestraError } from '../domain/errors.ts';
import type { Git } from '../ports/git.ts';

/** The id git gives a commit with these bytes, in the hash that `like`, any id of the same repository, is of. */
export function commitId(body: Buffer, like: string): string {
  return createHash(like.length === 64 ? 'sha256' : 'sha1')
    .update(`commit ${body.length}\0`)
    .update(body)
    .digest('hex');
}

/** The bytes of commit objects, by sha; one git process for all of them. Throws code `git` when one is missing. */
export async function readCommitObjects(
  git: Git,
  shas: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  if (shas.length === 0) return found;
  const { stdout } = await git.run(['cat-file', '--batch'], {
    input: `${shas.join('\n')}\n`,
    ...(signal ? { signal } : {}),
  });
  let at = 0;
  for (const sha of shas) {
    const end = stdout.indexOf('\n', at);
    const [, type, size] = stdout.toString('latin1', at, end).split(' ');
    if (type !== 'commit')
      throw new OrchestraError('git', `the commit ${sha.slice(0, 12)} is not in this repository`, {
        hint: 'The clone may be partial or shallow: "git fetch --unshallow" or "git fetch --refetch" brings what is missing.',
        details: { commit: sha },
      });
    found.set(sha, stdout.subarray(end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size) + 1;
  }
  return found;
}

/**
 * Writes commit objects, however many, with one git process; they may be each other's parents. `--literally`, because a
 * history's own odd author lines are kept as they are.
 */
export async function writeCommitObjects(
  git: Git,
  bodies: readonly Buffer[],
  signal?: AbortSignal,
): Promise<void> {
  if (bodies.length === 0) return;
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-commits-'));
  try {
    const files = bodies.map((_, i) => join(folder, String(i)));
    for (const [i, body] of bodies.entries()) await writeFile(files[i] ?? '', body);
    await git.run(['hash-object', '-t', 'commit', '-w', '--literally', '--no-filters', '--stdin-paths'], {
      input: files.map((file) => `${file}\n`).join(''),
      ...(signal ? { signal } : {}),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The bytes of a commit made only to give a merge its shape: nobody's work, and the same on every machine. */
export function shapeCommit(tree: string, parents: readonly string[]): Buffer {
  const who = 'orchestra <orchestra@localhost> 0 +0000';
  return Buffer.from(
    `tree ${tree}\n${parents.map((parent) => `parent ${parent}\n`).join('')}author ${who}\ncommitter ${who}\n\nreplay\n`,
  );
}
