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

/** Lines of a text that it has more often than the other has them, with their numbers in it. */
function linesBeyond(own: readonly string[], other: readonly string[]): FileDiff['added'] {
  const left = new Map<string, number>();
  for (const line of other) left.set(line, (left.get(line) ?? 0) + 1);
  return own.flatMap((text, i) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count > 0 ? [] : [{ line: i + 1, text }];
  });
}

/** The flags of a change of whole texts: path → before and after; a side left out does not exist. */
export function flagsOf(
  texts: Readonly<Record<string, { before?: string; after?: string }>>,
): Promise<Flags> {
  const files = Object.entries(texts).map(([path, { before, after }]): FileDiff => {
    const [old, now] = [before?.split('\n') ?? [], after?.split('\n') ?? []];
    const [added, removed] = [linesBeyond(now, old), linesBeyond(old, now)];
    return {
      ...file(path, []),
      additions: added.length,
      deletions: removed.length,
      added,
      removed,
      status: before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified',
    };
  });
  return detectFlags({ files, breaking: false, text: ({ path }, side) => texts[path]?.[side] });
}
