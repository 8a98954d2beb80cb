import type { Git } from '../ports/git.ts';
import { readMessage, type Message } from './message.ts';
import { readRecords } from './record-stream.ts';

/** The trailer of a candidate's commits: the waiting commit each came from. */
export const originTrailer = 'Orchestra-Origin';

/** A commit of the base since the waiting changes forked off. */
export interface BaseCommit {
  sha: string;
  parents: string[];
  message: Message;
  /** The waiting commits it was made of. */
  origins: string[];
}

/** More commits of the base than this are not looked through for copies, newest first. */
export const mostBaseCommits = 20_000;

/** The base's own commits since `fork` (all, without one), parents before children. */
export async function readBaseLog(
  git: Git,
  base: string,
  fork: string | undefined,
  signal?: AbortSignal,
): Promise<BaseCommit[]> {
  const origin = `%(trailers:key=${originTrailer},valueonly,unfold,separator=%x20)`;
  const args = [
    'log',
    '-z',
    '--topo-order',
    '--reverse',
    '--encoding=UTF-8',
    `--max-count=${mostBaseCommits}`,
    `--format=tformat:%H%x00%P%x00${origin}%x00%B`,
    base,
    ...(fork === undefined ? [] : [`^${fork}`]),
    '--',
  ];
  const commits: BaseCommit[] = [];
  for await (const record of readRecords(git.stream(args, signal ? { signal } : {}), 4)) {
    const [sha = '', parents = '', origins = '', text = ''] = record;
    const names = parents.split(' ').filter(Boolean);
    commits.push({
      sha,
      parents: names,
      message: readMessage(text, names.length),
      origins: origins.split(/\s+/u).filter((value) => /^[0-9a-f]{40,64}$/u.test(value)),
    });
  }
  return commits;
}

/** Which of the base's commits it has taken back itself and not put back in again. */
export function takenBack(commits: readonly BaseCommit[]): Set<string> {
  const fallen = new Set<string>();
  const named = new Map<string, string>();
  const known = new Set<string>();
  /** A revert → the change it is about in the end. */
  const about = new Map<string, string>();
  for (const { sha, message } of commits) {
    const { reverts } = message;
    if (reverts) {
      const target =
        reverts.sha !== undefined && known.has(reverts.sha) ? reverts.sha : named.get(reverts.subject ?? '');
      if (target !== undefined) {
        const first = about.get(target) ?? target;
        about.set(sha, first);
        if (about.has(target) ? fallen.has(first) : reverts.again) fallen.delete(first);
        else fallen.add(first);
      }
    }
    known.add(sha);
    // No revert is about a commit without a message.
    for (const name of [message.subject, message.title]) if (name !== '') named.set(name, sha);
  }
  return fallen;
}
