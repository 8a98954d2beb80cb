import type { Flags } from '../../src/domain/feature.ts';
import { detectFlags } from '../../src/planning/detectors/registry.ts';
import type { FileDiff } from '../../src/planning/diff.ts';

const numbered = (texts: readonly string[]) => texts.map((text, i) => ({ line: i + 1, text }));

/** A file's diff from its added and removed lines. */
export function file(path: string, added: readonly string[], removed: readonly string[] = []): FileDiff {
  return {
    path,
    oldPath: path,
    status: removed.length > 0 ? 'modified' : 'added',
    additions: added.length,
    deletions: removed.length,
    binary: false,
    hunks: [],
    added: numbered(added),
    removed: numbered(removed),
  };
}

/** The flags of files of which only the changed lines are known. */
export function flagsOfLines(...files: FileDiff[]): Promise<Flags> {
  return detectFlags({ files, breaking: false, text: () => undefined });
}

/** The flags of a change of whole texts: path → before and after; a side left out does not exist. */
export function flagsOf(
  texts: Readonly<Record<string, { before?: string; after?: string }>>,
): Promise<Flags> {
  const files = Object.entries(texts).map(([path, { before, after }]): FileDiff => {
    const [old, now] = [before?.split('\n') ?? [], after?.split('\n') ?? []];
    return {
      ...file(
        path,
        now.filter((line) => !old.includes(line)),
        old.filter((line) => !now.includes(line)),
      ),
      status: before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified',
    };
  });
  return detectFlags({ files, breaking: false, text: ({ path }, side) => texts[path]?.[side] });
}
