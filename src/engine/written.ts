import type { Git } from '../ports/git.ts';

/** When each commit was written (the author's date, which rebasing and picking keep), ISO; one process. Missing commits have none. */
export async function writtenTimes(
  git: Git,
  commits: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (commits.length === 0) return new Map();
  const args = ['log', '--no-walk=unsorted', '--ignore-missing', '--stdin', '--format=tformat:%H %at'];
  const text = await git.text(args, { input: `${commits.join('\n')}\n` });
  const times = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [sha, seconds] = line.split(' ');
    const ms = Number(seconds) * 1000;
    // A commit may claim any time; one that the calendar of four-digit years does not have is none.
    if (sha && seconds && ms >= 0 && ms < Date.UTC(10_000, 0)) times.set(sha, new Date(ms).toISOString());
  }
  return times;
}

/** The earliest of a feature's commits; undefined where none is known. */
export function firstWritten(
  commits: readonly string[],
  times: ReadonlyMap<string, string>,
): string | undefined {
  const known = commits.flatMap((sha) => times.get(sha) ?? []);
  return known.reduce<string | undefined>(
    (first, at) => (first === undefined || Date.parse(at) < Date.parse(first) ? at : first),
    undefined,
  );
}
