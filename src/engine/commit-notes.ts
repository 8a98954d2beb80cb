import type { CommitNote } from '../domain/feature-diff.ts';
import { safeText } from '../domain/safe-text.ts';
import { readRecords } from '../planning/record-stream.ts';
import type { Git } from '../ports/git.ts';

/** So many commits of one feature are named; a screen shows no more. */
export const mostNoted = 500;

/** Lines of one message that are kept. */
const mostBodyLines = 200;

/** %H %P %an %aI %s %b, each ended by NUL. */
const format = '--format=tformat:%H%x00%P%x00%an%x00%aI%x00%s%x00%b';
const fields = 6;

/** Commits as their authors wrote them, in that order; safe to show. One process; commits that are not there have none. */
export async function readCommitNotes(
  git: Git,
  commits: readonly string[],
  signal?: AbortSignal,
): Promise<readonly CommitNote[]> {
  if (commits.length === 0) return [];
  const args = ['log', '-z', '--no-walk=unsorted', '--ignore-missing', '--stdin', '--encoding=UTF-8', format];
  const output = git.stream(args, {
    input: `${commits.slice(0, mostNoted).join('\n')}\n`,
    ...(signal && { signal }),
  });
  const notes: CommitNote[] = [];
  for await (const [sha = '', parents = '', author = '', at = '', subject = '', body = ''] of readRecords(
    output,
    fields,
  ))
    notes.push({
      sha,
      author: safeText(author, 100),
      at: safeText(at, 40),
      subject: safeText(subject, 400),
      body: bodyLines(body),
      merge: parents.includes(' '),
    });
  return notes;
}

function bodyLines(body: string): string[] {
  const lines = body.trimEnd().split('\n', mostBodyLines + 1);
  const shown = lines.slice(0, mostBodyLines).map((line) => safeText(line, 400));
  if (shown.every((line) => line === '')) return [];
  return lines.length > mostBodyLines ? [...shown, '…'] : shown;
}
