import type { Git } from '../ports/git.ts';
import type { MessageMatcher } from './must-include.ts';
import { readMessage, type Message } from './message.ts';
import { readRecords } from './record-stream.ts';

/**
 * What planning keeps of a commit once it is read: its message as understood, not as written, so that a hundred
 * thousand of them stay small. Texts are the author's, so they go through `safeText` before anyone sees them.
 */
export interface Commit {
  sha: string;
  parents: string[];
  author: string;
  email: string;
  /** When it was written, ms since 1970. */
  at: number;
  message: Message;
  /** Its tree's sha; only where `trees` asked for it. */
  tree: string | undefined;
  /** The expression of the matcher that its message matches. */
  matched: string | undefined;
}

export interface ReadOptions {
  signal?: AbortSignal | undefined;
  /** Keep each commit's tree. */
  trees?: boolean;
  matcher?: MessageMatcher | undefined;
}

const fields = ['%H', '%T', '%P', '%an', '%ae', '%at', '%B'];

/**
 * Every commit reachable from `head` and not from `base`, parents before children; one git process, read as it comes.
 * Throws `bad-pattern` (78) when the matcher does.
 */
export async function readCommits(
  git: Git,
  range: { base: string; head: string },
  options: ReadOptions = {},
): Promise<Commit[]> {
  const { signal, trees, matcher } = options;
  const format = `--format=tformat:${fields.join('%x00')}`;
  const args = ['log', '-z', '--topo-order', '--reverse', '--encoding=UTF-8', format];
  const output = git.stream([...args, range.head, `^${range.base}`, '--'], signal ? { signal } : {});
  const commits: Commit[] = [];
  const known = new Map<string, string>();
  /** One string for all equal ones: most authors, and every sha, turn up again and again. */
  const shared = (text: string): string => {
    const same = known.get(text);
    if (same === undefined) known.set(text, text);
    return same ?? text;
  };
  const noParents: string[] = [];
  for await (const record of readRecords(output, fields.length)) {
    const [sha = '', tree = '', parents = '', author = '', email = '', at = '', text = ''] = record;
    const names = parents === '' ? noParents : parents.split(' ').map(shared);
    const commit: Commit = {
      sha: shared(sha),
      parents: names,
      author: shared(author),
      email: shared(email),
      at: Number(at) * 1000,
      message: readMessage(text, names.length, shared),
      tree: trees ? shared(tree) : undefined,
      matched: undefined,
    };
    matcher?.add(text, (pattern) => {
      commit.matched = pattern;
    });
    commits.push(commit);
  }
  matcher?.finish();
  return commits;
}
