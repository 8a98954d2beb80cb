import { safeText } from '../domain/safe-text.ts';
import type { Git } from '../ports/git.ts';
import type { Range } from './range.ts';
import { isUnread, type Unit, type UnitChange } from './unit.ts';

/** Where the history of what waits does not begin on the base, that must be said: it has no other sign. */
export async function describeParting(
  git: Git,
  { base, head }: Range,
  units: readonly Unit[],
  cutOff: boolean,
): Promise<string[]> {
  const first = units[0]?.commit;
  if (!first || first.parents.length > 0) return [];
  const names = [safeText(head.ref, 200), safeText(base.ref, 200)] as const;
  const related = await git.run(['merge-base', base.sha, head.sha], { accept: [0, 1] });
  return [
    ...(cutOff
      ? [
          `This shallow clone is cut off at ${first.sha.slice(0, 12)}: what that commit changes is not known, so it is not recommended and cannot be proved. "git fetch --unshallow" brings the rest of the history.`,
        ]
      : []),
    ...(related.exitCode === 0
      ? []
      : cutOff
        ? [
            `Where ${names[0]} and ${names[1]} parted is beyond the cut: commits that both have may be listed as waiting.`,
          ]
        : [
            `${names[0]} and ${names[1]} have no commit in common: all of ${names[0]} waits, beginning with its first commit. Name the branch it was made from with --base if another was meant.`,
          ]),
  ];
}

/** That contents are missing must be said: their lines count for nothing, and their dependencies are a guess. */
export function describeUnknown(changes: readonly UnitChange[]): string[] {
  const unread = changes.filter(isUnread).length;
  const features = changes.filter(({ unknown }) => unknown > 0).length - unread;
  return [
    ...(features > 0
      ? [
          `${features} waiting ${features === 1 ? 'feature changes' : 'features change'} files whose content is not in this clone: their lines are unknown, and each is taken to need whatever touched those files before. "git fetch --refetch --no-filter" brings the contents.`,
        ]
      : []),
    ...(unread > 0
      ? [
          `What ${unread} waiting ${unread === 1 ? 'commit changes' : 'commits change'} is not in this clone, not even the names of the files, so nothing can be said of ${unread === 1 ? 'it' : 'them'}. "git fetch --refetch --no-filter" brings it.`,
        ]
      : []),
  ];
}
