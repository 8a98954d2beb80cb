import { safeText } from '../domain/safe-text.ts';
import type { Git } from '../ports/git.ts';

/** So many commits of one feature are named; a screen shows no more. */
const mostNamed = 500;

/** The first line of each commit's message, by sha; safe to show. One process; commits that are not there have none. */
export async function readSubjects(
  git: Git,
  commits: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (commits.length === 0) return new Map();
  const args = ['log', '-z', '--no-walk=unsorted', '--ignore-missing', '--stdin', '--encoding=UTF-8'];
  const text = await git.text([...args, '--format=tformat:%H %s'], {
    input: `${commits.slice(0, mostNamed).join('\n')}\n`,
  });
  return new Map(
    text
      .split('\0')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf(' ')), safeText(line.slice(line.indexOf(' ') + 1), 200)]),
  );
}
