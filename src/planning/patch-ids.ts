import type { Git } from '../ports/git.ts';

/** Beyond this many bytes of diffs no more commits are compared: nobody waits for a vendored tree to be hashed. */
const mostBytes = 64 * 1024 * 1024;

/**
 * What git calls the patch id of each commit: the same for the same change on another base. A merge counts as its
 * change against its first parent, so that it is known again when it was squashed. Commits that are not there, empty
 * ones and those beyond 64 MB of diffs have none. Two processes, however many commits.
 */
export async function readPatchIds(
  git: Git,
  commits: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const options = signal ? { signal } : {};
  const ids = new Map<string, string>();
  if (commits.length === 0) return ids;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of git.stream(logArguments, { ...options, input: `${commits.join('\n')}\n` })) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) break;
  }
  const { stdout } = await git.run(['patch-id', '--stable'], { ...options, input: Buffer.concat(chunks) });
  for (const line of stdout.toString('utf8').split('\n')) {
    const [patch, sha] = line.split(' ');
    if (patch && sha) ids.set(sha, patch);
  }
  return ids;
}

const logArguments = [
  'log',
  '--no-walk=unsorted',
  '--ignore-missing',
  '--stdin',
  '--format=tformat:commit %H',
  '--patch',
  '--full-index',
  '--diff-merges=first-parent',
  '--no-renames',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
];
