import type { Git } from '../../ports/git.ts';
import { readMessage } from '../message.ts';
import { readRecords } from '../record-stream.ts';
import { isTrunkMerge, mostFrequent, saysFix, type PastUnit } from './past-unit.ts';

interface Read {
  sha: string;
  parents: readonly string[];
  author: string;
  landed: number;
  unit: Pick<PastUnit, 'fix' | 'sync' | 'message'>;
}

const fields = ['%H', '%P', '%ae', '%ct', '%B'];

/**
 * The first-parent commits up to `tip` that are not reachable from `since`, oldest first, each with what it carries; one git
 * process. Where `since` is no first-parent ancestor of `tip` that is undefined: the history was rewritten.
 */
export async function readPastLog(
  git: Git,
  tip: string,
  since?: string,
  signal?: AbortSignal,
): Promise<PastUnit[] | undefined> {
  if (tip === since) return [];
  const args = ['log', '-z', '--topo-order', '--reverse', '--encoding=UTF-8'];
  const range = since === undefined ? [tip] : [tip, `^${since}`];
  const output = git.stream(
    [...args, `--format=tformat:${fields.join('%x00')}`, ...range, '--'],
    signal ? { signal } : {},
  );
  const commits = new Map<string, Read>();
  const known = new Map<string, string>();
  const shared = (text: string): string => {
    const same = known.get(text);
    if (same === undefined) known.set(text, text);
    return same ?? text;
  };
  for await (const record of readRecords(output, fields.length)) {
    const [sha = '', parents = '', author = '', landed = '', text = ''] = record;
    const names = parents === '' ? [] : parents.split(' ').map(shared);
    const message = readMessage(text, names.length, shared);
    commits.set(shared(sha), {
      sha: shared(sha),
      parents: names,
      author: shared(author.toLowerCase()),
      landed: Number(landed) || 0,
      unit: {
        fix: saysFix(message, text),
        sync: isTrunkMerge(names.length, message),
        message: {
          subject: message.subject,
          title: message.title,
          pullRequest: message.pullRequest,
          reverts: message.reverts,
        },
      },
    });
  }
  return cut(commits, tip, since);
}

/** As `splitIntoUnits` does: every commit lands in the oldest first-parent commit that reaches it. */
function cut(
  commits: ReadonlyMap<string, Read>,
  tip: string,
  since: string | undefined,
): PastUnit[] | undefined {
  const trunk: Read[] = [];
  let before: string | undefined = tip;
  for (let at = commits.get(tip); at; at = commits.get(before ?? '')) {
    trunk.push(at);
    before = at.parents[0];
  }
  if (since !== undefined && before !== since) return undefined;
  trunk.reverse();
  const taken = new Set(trunk.map(({ sha }) => sha));
  return trunk.map(({ sha, parents, author, landed, unit }) => {
    const carried: Read[] = [];
    const open = parents.slice(1);
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const side = commits.get(name);
      if (!side || taken.has(name)) continue;
      taken.add(name);
      carried.push(side);
      open.push(...side.parents);
    }
    return {
      sha,
      commits: [...carried.map((side) => side.sha), sha],
      landed,
      author: mostFrequent(carried.map((side) => side.author)) ?? author,
      root: parents.length === 0,
      ...unit,
      fix: unit.fix || (carried.length === 1 && carried[0]?.unit.fix === true),
    };
  });
}
