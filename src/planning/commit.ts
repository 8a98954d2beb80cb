import type { Git } from '../ports/git.ts';

/** A commit as git records it; texts are as the author wrote them, so they go through `safeText` before anyone sees them. */
export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  author: string;
  email: string;
  /** Author date, ISO 8601 with its own offset. */
  at: string;
  message: string;
}

const fields = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%B'];

/** Every commit reachable from `head` and not from `base`, parents before children; one git process. */
export async function readCommits(
  git: Git,
  range: { base: string; head: string },
  signal?: AbortSignal,
): Promise<Commit[]> {
  const args = [
    'log',
    '-z',
    '--topo-order',
    '--reverse',
    '--encoding=UTF-8',
    `--format=tformat:${fields.join('%x00')}`,
  ];
  const { stdout } = await git.run([...args, range.head, `^${range.base}`, '--'], signal ? { signal } : {});
  return parseCommits(stdout);
}

/** Parses records of seven NUL-ended fields; a message cannot hold NUL, so no field can pretend to be another. */
function parseCommits(stdout: Buffer): Commit[] {
  const values = stdout.toString('utf8').split('\0');
  const commits: Commit[] = [];
  for (let i = 0; i + fields.length <= values.length; i += fields.length) {
    const [sha = '', tree = '', parents = '', author = '', email = '', at = '', message = ''] = values.slice(
      i,
      i + fields.length,
    );
    commits.push({ sha, tree, parents: parents.split(' ').filter(Boolean), author, email, at, message });
  }
  return commits;
}
