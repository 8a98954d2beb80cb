import type { ChangedFile, Flags } from '../domain/feature.ts';
import { changedFile } from './changed-file.ts';
import type { Offered } from './detectors/api.ts';
import { isReadableLock } from './detectors/dependencies/locked.ts';
import { isMigrationStep, migrationKind } from './detectors/migration-kind.ts';
import { detect, wantsText, wantsWhole } from './detectors/registry.ts';
import { keptLines, keptWidth, type CommitDiff, type FileDiff, type Hunk } from './diff.ts';
import { isOwnMemory } from './generated-files.ts';
import { readModules, type ModuleFacts } from './modules.ts';

/** One file of a unit, as far as who-needs-whom is concerned. */
export interface FileFacts extends ChangedFile {
  /** The path on the parent's side. */
  oldPath: string;
  /** Its lines are not known: a binary, a lockfile, or content that the object store lacks. */
  binary: boolean;
  hunks: Hunk[];
}

/**
 * What one unit's diff against its first parent shows, whatever else waits. It follows from the commit alone, so it is
 * kept by the commit's sha.
 */
export interface UnitFacts {
  files: FileFacts[];
  /** Without what modules offer. */
  flags: Flags;
  /** What it does to exports, by module. */
  offers: Offered[];
  modules: ModuleFacts;
  /** Steps of migrations it adds, each with the folder whose order it belongs to. */
  steps: { folder: string; path: string }[];
  /** Files whose content the object store lacks. */
  unknown: number;
  /** Another day they may come out otherwise. */
  hasty?: boolean;
}

/** Whether they follow from the commit alone, and can be kept. */
export function isLasting({ unknown, hasty }: UnitFacts): boolean {
  return unknown === 0 && hasty !== true;
}

/** Reads one diff; `texts` has the contents of the files that `textsWanted` names, as far as they can be had. */
export async function readFacts(diff: CommitDiff, texts: ReadonlyMap<string, string>): Promise<UnitFacts> {
  const files = diff.files.filter((file) => !isOwnMemory(file.path));
  return {
    files: files.map((file) => ({
      ...changedFile(file),
      oldPath: file.oldPath,
      binary: file.binary,
      hunks: file.hunks,
    })),
    // What its messages say is added by who knows which commits it carries.
    ...(await detect({
      files,
      breaking: false,
      text: (file, side) => texts.get((side === 'before' ? file.oldBlob : file.newBlob) ?? ''),
    })),
    modules: readModules(files),
    steps: files.flatMap((file) => stepOf(file) ?? []),
    unknown: diff.unknown,
    ...(diff.hasty && { hasty: true }),
  };
}

/** Files of a change whose lockfiles are read whole. */
const mostBeside = 30;

/** The contents that detectors read whole: object names, of both sides. */
export function textsWanted({ files, unknown }: CommitDiff): string[] {
  // A lockfile has no line diff; where little else changed, what it pins says what did.
  const lock = (file: FileDiff) =>
    unknown === 0 && files.length <= mostBeside && file.status === 'modified' && isReadableLock(file.path);
  return files.flatMap((file) =>
    !lock(file) && (file.binary || isOwnMemory(file.path) || isItsOwnDiff(file) || !wantsWhole(file))
      ? []
      : [file.oldBlob, file.newBlob].filter((blob) => blob !== undefined),
  );
}

/** A new or deleted file whose every line is in the diff need not be read again. */
function isItsOwnDiff({ status, added, removed }: FileDiff): boolean {
  if (status !== 'added' && status !== 'deleted') return false;
  const lines = status === 'added' ? added : removed;
  return lines.length < keptLines && lines.every(({ text }) => text.length < keptWidth);
}

function stepOf(file: FileDiff): UnitFacts['steps'][number] | undefined {
  if (file.status !== 'added' || !isMigrationStep(file.path)) return undefined;
  const kind = migrationKind(file.path, () => file.added.map((line) => line.text).join('\n'));
  return kind === undefined ? undefined : { folder: migrationFolder(file.path), path: file.path };
}

/** Prisma keeps each step in a folder of its own; the sequence is the folder above. */
function migrationFolder(path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/'));
  return /\/migrations\/[^/]+$/u.test(folder) && path.endsWith('/migration.sql')
    ? folder.slice(0, folder.lastIndexOf('/'))
    : folder;
}

/** Endings of files none of whose lines anyone reads: prose, styles, pictures and languages without detectors. */
const unread =
  /\.(?:c|h|cc|cpp|cxx|hh|hpp|hxx|m|mm|s|asm|tcl|md|mdx|markdown|rst|adoc|txt|css|scss|sass|less|html?|svg|snap|po|pot|csv|tsv|log|lock|map|patch|diff|ipynb|tex|[1-9])$|(?:^|\/)(?:[^/]+\.min\.[a-z]+|(?:package-lock|npm-shrinkwrap)\.json|pnpm-lock\.yaml|go\.sum)$/iu;

/** Answers by path: the same files come again and again. Begun anew when it has grown this long. */
const answers = new Map<string, boolean>();
const mostAnswers = 50_000;

/** Whether the text of added and removed lines says something about this file to detectors or about imports. */
export function wantsLines(path: string): boolean {
  const known = answers.get(path);
  if (known !== undefined) return known;
  const wanted =
    !unread.test(path) ||
    wantsText(path) ||
    /(?:^|\/)(?:requirements|constraints)[^/]*(?:\/[^/]+)?\.txt$/iu.test(path);
  if (answers.size >= mostAnswers) answers.clear();
  answers.set(path, wanted);
  return wanted;
}
