import type { Message } from '../message.ts';

/** A first-parent commit of the past, as discovery would cut it, and what it says of itself. */
export interface PastUnit {
  sha: string;
  /** The commits it carries, itself among them. */
  commits: readonly string[];
  /** When it landed, in seconds since 1970, as the committer's clock had it. */
  landed: number;
  /** Its author's address, in lower case; of a merge whoever wrote most of what it brings. */
  author: string;
  fix: boolean;
  /** A merge of one trunk into another: its content is others' work, told in their own changes. */
  sync: boolean;
  /** It has no parent here: an import, or where a shallow clone was cut off. */
  root: boolean;
  message: Pick<Message, 'subject' | 'title' | 'pullRequest' | 'reverts'>;
}

const words =
  /\b(?:fix(?:e[sd]|ing)?|hotfix|bugfix|bugs?|defects?|regressions?|crash(?:es|ed|ing)?|leak(?:s|ed|ing)?|wrong(?:ly)?|incorrect(?:ly)?|broken|repair(?:s|ed)?|correct(?:s|ed|ly)?|faults?|fault(?:y|s)|prevent(?:s|ed)?|deadlocks?|segfaults?|overflows?|race condition)\b/iu;
/** What is put right here never ran. */
const harmless =
  /\b(?:typos?|spelling|grammar|whitespace|lint(?:er|ing)?|indent(?:ation)?|formatting|comments?|docs?|documentation|readme|changelog|tests?|ci|travis|links?|eslint|warnings?)\b/iu;
const trailers = /^(?:(?:fix(?:e[sd])?|closes?-bug|bug):? *(?:[\w./-]{0,80}#|https?:\/\/|\d))/imu;

/** So much of a body is looked through for the trailer that says it fixes something. */
const longestBody = 8000;

/**
 * Whether a change says that it fixes something: by its convention, else by a word of its title that commit-guru goes by
 * (Rosen et al., FSE 2015), or a trailer. What only puts words, tests or the build right is none.
 */
export function saysFix({ type, title }: Pick<Message, 'type' | 'title'>, body: string): boolean {
  if (type === 'fix' || type === 'security') return !harmless.test(title);
  if (type !== undefined) return false;
  const line = title.slice(0, 200);
  if (harmless.test(line)) return false;
  return words.test(line) || trailers.test(body.slice(0, longestBody));
}

/** Whether a merge only brings one trunk into another: what it carries is told by the changes in it. */
export function isTrunkMerge(
  parents: number,
  { branch, pullRequest }: Pick<Message, 'branch' | 'pullRequest'>,
): boolean {
  return parents > 1 && branch === undefined && pullRequest === undefined;
}

/** The one that comes most often, the first of several; undefined where there is none. */
export function mostFrequent(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  let most: string | undefined;
  for (const [name, count] of counts) if (count > (counts.get(most ?? '') ?? 0)) most = name;
  return most;
}
