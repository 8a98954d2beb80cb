import type { ChangedFile } from '../domain/feature.ts';
import { isTest } from './detectors/tests.ts';
import type { Group } from './grouping.ts';
import type { Unit } from './unit.ts';

const merged =
  /^Merge (?:remote-tracking |remote )?(?:branch(?:es)?|tag|commit)? ?'?([^' ]+)'?(?: of \S+)?(?: (?:into|to|in) '?([^' ]+)'?)?/u;
const octopus = /^Merge (?:remote-tracking )?branches (.+?)(?: into \S+)?$/u;

/** The line for people that names a group: its first unit's title, and for a merge that has none, what it brought. */
export function titleOf(group: Group, files: readonly ChangedFile[] = []): string {
  const unit = group.units[0];
  if (!unit) return '';
  // GitHub's merge of an advisory's private fork says nothing else; what it mends, its files say.
  if (/^Merge (?:commit from fork|pull request from GHSA-\S+)$/u.test(unit.message.title)) {
    const only = unit.commits.slice(0, -1).filter((commit) => !commit.message.merge);
    const place = mostChanged(files);
    if (only.length === 1 && only[0]) return only[0].message.title;
    if (place !== undefined) return `Security fix in ${place}`;
  }
  const title = titleOfUnit(unit).replace(/^(?:(?:fixup|squash|amend)! )+/u, '');
  return title.replace(/(?: ?\((?:PR )?[#!]\d{1,9}\))+$/u, '').trimEnd();
}

/** The file most lines of which changed, tests and what tools write left out. */
function mostChanged(files: readonly ChangedFile[]): string | undefined {
  const lines = ({ additions, deletions }: ChangedFile) => additions + deletions;
  const [most] = files
    .filter((file) => !isTest(file.path) && !file.generated && !file.vendored)
    .toSorted((a, b) => lines(b) - lines(a));
  return most?.path;
}

function titleOfUnit({ message, commit, commits }: Unit): string {
  if (commit.parents.length < 2 || message.title !== message.subject || !/^Merge\b/u.test(message.subject))
    return message.title;
  const sides = commits.slice(0, -1).filter((commit) => !commit.message.merge);
  const [only] = sides;
  if (only && sides.length === 1) return only.message.title;
  if (message.branch !== undefined) return inWords(message.branch);
  const several = octopus.exec(message.subject)?.[1];
  if (several !== undefined) return several.replace(/'/gu, '');
  const [, from, into] = merged.exec(message.subject) ?? [];
  if (from === undefined) return message.title;
  const name = /^[0-9a-f]{40}$/u.test(from) ? from.slice(0, 8) : from;
  const brought = into === undefined ? `Bring in ${name}` : `Bring ${name} into ${into}`;
  return sides.length === 0 ? brought : `${brought} (${sides.length} commits)`;
}

/** A branch's name as a line: `feature/saved_baskets` → `Saved baskets`; issue keys stay. */
function inWords(branch: string): string {
  const last = branch.slice(branch.lastIndexOf('/') + 1);
  const words = last
    .replace(/_+/gu, ' ')
    .replace(/(?<![A-Z\d])-+|-+(?!\d)/gu, ' ')
    .trim();
  if (!/\p{L}{2}/u.test(words)) return branch;
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
