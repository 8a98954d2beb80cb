import { OrchestraError, exitCode } from '../../domain/errors.ts';
import { safeText } from '../../domain/safe-text.ts';
import type { Regenerated } from '../../domain/event.ts';
import type { Git } from '../../ports/git.ts';
import type { LockfileTools, WrittenFile } from '../../ports/lockfiles.ts';
import { commitId, readCommitObjects, writeCommitObjects } from '../commit-objects.ts';
import { writePaths } from '../replace-paths.ts';
import { findStaleLockfiles } from './stale.ts';
import { toolFor } from './tools.ts';

/** The candidate with its lockfiles made again: one commit on top, or none where all of them fit. */
export interface Locked {
  sha: string;
  regenerated: Regenerated[];
}

interface Built {
  sha: string;
  tree: string;
  headTree: string;
  signal?: AbortSignal | undefined;
}

const regenerateSubject = 'chore(release): regenerate';

/**
 * Makes the lockfiles again that do not fit the candidate's manifests, once, with the project's own tools, as the last
 * commit. What a registry answers changes from day to day, so sameness is promised for the tree before it. Throws code
 * `lockfile` (4) when that cannot be done: such a candidate must not go on.
 */
export async function regenerateLockfiles(git: Git, tools: LockfileTools, built: Built): Promise<Locked> {
  const stale = await findStaleLockfiles(git, built.tree, built.headTree);
  if (stale.length === 0) return { sha: built.sha, regenerated: [] };
  const written: WrittenFile[] = [];
  for (const lockfile of stale) written.push(...(await tools.regenerate(built.sha, lockfile, built.signal)));
  const tree = await writePaths(git, built.tree, written, built.signal);
  // A tool that ran and changed nothing has said that the lockfile is right.
  if (tree === built.tree) return { sha: built.sha, regenerated: [] };
  for (const file of stale) {
    const still = (await findStaleLockfiles(git, tree, built.headTree)).find(
      ({ path }) => path === file.path,
    );
    if (still && (await blobAt(git, tree, file.path)) !== (await blobAt(git, built.tree, file.path)))
      throw new OrchestraError(
        'lockfile',
        `${file.tool} ran for ${safeText(file.path, 200)}, and still ${still.reason}`,
        {
          hint: 'Run the tool on the development branch, commit what it writes, and try again.',
          exit: exitCode.gateRefused,
        },
      );
  }
  const paths = stale.map(({ path }) => safeText(path, 200));
  const sha = await commitLockfiles(git, built.sha, tree, paths);
  return {
    sha,
    regenerated: stale.map(({ path, tool, reason }) => ({ path: safeText(path, 500), tool, reason })),
  };
}

/** One commit by nobody, dated like the candidate's last, so that only what the tools wrote can make it differ. */
async function commitLockfiles(
  git: Git,
  parent: string,
  tree: string,
  paths: readonly string[],
): Promise<string> {
  const [raw] = (await readCommitObjects(git, [parent])).values();
  const date = /^committer .* (\d+ [+-]\d+)$/mu.exec(raw?.toString('latin1') ?? '')?.[1] ?? '0 +0000';
  const who = `orchestra <orchestra@localhost> ${date}`;
  const body = Buffer.from(
    `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n\n${regenerateSubject} ${paths.join(', ')}\n`,
  );
  await writeCommitObjects(git, [body]);
  return commitId(body, parent);
}

/** Whether `sha` is what an earlier, interrupted run put on top of `candidate`: its tools are not run twice. */
export async function isRegeneratedOn(git: Git, sha: string, candidate: string): Promise<boolean> {
  const shown = await git.text(['log', '-1', '--format=%P%x00%ae%x00%s', sha, '--']);
  const [parents, email, subject = ''] = shown.split('\0');
  return (
    parents === candidate && email === 'orchestra@localhost' && subject.startsWith(`${regenerateSubject} `)
  );
}

/** What that run made: the lockfiles that differ from the commit below. */
export async function regeneratedOn(git: Git, sha: string): Promise<Regenerated[]> {
  const listed = await git.text(['diff-tree', '-r', '-z', '--no-renames', '--name-only', `${sha}^`, sha]);
  return listed
    .split('\0')
    .filter(Boolean)
    .flatMap((path) => {
      const tool = toolFor(path.slice(path.lastIndexOf('/') + 1), '')?.name;
      return tool === undefined
        ? []
        : [{ path: safeText(path, 500), tool, reason: 'made before this was interrupted' }];
    });
}

function blobAt(git: Git, tree: string, path: string): Promise<string> {
  return git.text(['--literal-pathspecs', 'ls-tree', '--full-tree', '-z', tree, '--', path]);
}
