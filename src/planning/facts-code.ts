import type { ChangedFile } from '../domain/feature.ts';
import { analysisVersion } from './analysis-version.ts';
import type { Hunk } from './diff.ts';
import type { FileFacts, UnitFacts } from './unit-facts.ts';

/** Facts of another version of what reads them are not looked at. */
export const factsKind = `facts-${analysisVersion}`;

const letters: Readonly<Record<ChangedFile['status'], string>> = {
  added: 'A',
  modified: 'M',
  deleted: 'D',
  renamed: 'R',
};
const statuses: ReadonlyMap<string, ChangedFile['status']> = new Map(
  Object.entries(letters).map(([status, letter]) => [letter, status as ChangedFile['status']]),
);

/** What may be said of a file, each a bit. */
const marks = ['binary', 'generated', 'vendored', 'submodule'] as const;

type FileCode = [path: string, oldPath: string | 0, status: string, marks: number, hunks: number[]];
type FactsCode = [files: FileCode[], rest: Omit<UnitFacts, 'files'>];

/** Facts as one line of JSON, short because there are tens of thousands of them. */
export function encodeFacts({ files, ...rest }: UnitFacts): string {
  const code: FactsCode = [
    files.map((file) => [
      file.path,
      file.oldPath === file.path ? 0 : file.oldPath,
      letters[file.status],
      marks.reduce((bits, mark, i) => (file[mark] ? bits | (1 << i) : bits), 0),
      file.hunks.flatMap((hunk) => [hunk.oldStart, hunk.oldCount, hunk.newStart, hunk.newCount]),
    ]),
    rest,
  ];
  return JSON.stringify(code);
}

/** What `encodeFacts` wrote; the cache's checksum vouches for it. */
export function decodeFacts(line: Buffer): UnitFacts {
  const [files, rest] = JSON.parse(line.toString('utf8')) as FactsCode;
  return { files: files.map(decodeFile), ...rest };
}

function decodeFile([path, oldPath, status, bits, numbers]: FileCode): FileFacts {
  const hunks: Hunk[] = [];
  let [additions, deletions] = [0, 0];
  for (let i = 0; i < numbers.length; i += 4) {
    const [oldStart = 0, oldCount = 0, newStart = 0, newCount = 0] = numbers.slice(i, i + 4);
    hunks.push({ oldStart, oldCount, newStart, newCount });
    additions += newCount;
    deletions += oldCount;
  }
  const file: FileFacts = {
    path,
    oldPath: oldPath === 0 ? path : oldPath,
    status: statuses.get(status) ?? 'modified',
    additions,
    deletions,
    binary: false,
    hunks,
  };
  for (const [i, mark] of marks.entries()) if (bits & (1 << i)) file[mark] = true;
  return file;
}
