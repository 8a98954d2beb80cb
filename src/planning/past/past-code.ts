import { AuthorPast } from './author-past.ts';
import { LineOwners } from './line-owners.ts';
import { LineMap } from '../line-map.ts';
import { Past, type FilePast } from './past.ts';
import type { PastState } from './read-past.ts';
import { TakeBacks } from './take-backs.ts';

type FileCode = [path: string, lines: number, changes: number, changedAt: number, authors: number[]];
type AuthorCode = [name: string, touches: [number, number][], filesIn: [string, number][]];
interface PastCode {
  files: FileCode[];
  authors: AuthorCode[];
  lastAt: number;
}

/** Stretches of lines that are kept; where there are more, the files unchanged for longest are given up. */
const mostStretches = 2_000_000;

/** What is known of files and people, as JSON. */
export function encodePast({ files, authors, lastAt }: Past): string {
  const code: PastCode = {
    files: [...files].map(([path, file]) => [
      path,
      file.lines,
      file.changes,
      file.changedAt,
      [...file.authors],
    ]),
    authors: [...authors].map(([name, { touches, filesIn }]) => [name, [...touches], [...filesIn]]),
    lastAt,
  };
  return JSON.stringify(code);
}

/** What `encodePast` wrote; the cache's checksum vouches for it. */
export function decodePast(text: string): Past {
  const { files, authors, lastAt } = JSON.parse(text) as PastCode;
  return new Past(
    new Map(
      files.map(([path, lines, changes, changedAt, who]): [string, FilePast] => [
        path,
        { lines, changes, changedAt, authors: new Set(who) },
      ]),
    ),
    new Map(
      authors.map(([name, touches, filesIn], number): [string, AuthorPast] => [
        name,
        new AuthorPast(number, new Map(filesIn), new Map(touches)),
      ]),
    ),
    lastAt,
  );
}

interface RestCode {
  sha: string | undefined;
  count: number;
  recent: PastState['recent'];
  landed: number[];
  takeBacks: ReturnType<TakeBacks['toJSON']>;
  owners: [string, number[]][];
}

/** What is needed to go on, beside files and people, as JSON. Changes the state: who wrote old lines is given up. */
export function encodeRest(state: PastState): string {
  const { sha, count, recent, landed, takeBacks, owners, past } = state;
  owners.forget(recent.first);
  const newest = [...owners.files].sort(
    ([a], [b]) => (past.files.get(b)?.changedAt ?? 0) - (past.files.get(a)?.changedAt ?? 0),
  );
  let left = mostStretches;
  const kept: RestCode['owners'] = [];
  for (const [path, lines] of newest) {
    left -= lines.size;
    if (left < 0) break;
    if (lines.size > 1 || lines.ownerOf(1) !== -1) kept.push([path, lines.toNumbers()]);
  }
  const code: RestCode = { sha, count, recent, landed, takeBacks: takeBacks.toJSON(), owners: kept };
  return JSON.stringify(code);
}

/** The state that was kept in two parts. */
export function decodeState(past: string, rest: string): PastState {
  const { sha, count, recent, landed, takeBacks, owners } = JSON.parse(rest) as RestCode;
  return {
    sha,
    count,
    past: decodePast(past),
    recent,
    landed,
    takeBacks: TakeBacks.from(takeBacks),
    owners: new LineOwners(new Map(owners.map(([path, numbers]) => [path, LineMap.fromNumbers(numbers)]))),
  };
}
