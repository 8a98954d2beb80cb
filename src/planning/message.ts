import { CommitParser } from 'conventional-commits-parser';
import type { FeatureType } from '../domain/feature.ts';
import { readIssue } from './issue-key.ts';
import { id, readMerge } from './merge-forms.ts';
import { readRevert, type Revert } from './revert.ts';
import { readUrgency } from './urgency.ts';

/** What a commit message says about where it belongs; texts still as written. */
export interface Message {
  /** The line for people: the pull request's title where a merge carries one, else the subject. */
  title: string;
  /** The first line; what `fixup!` and `Revert "…"` quote. */
  subject: string;
  type: FeatureType | undefined;
  scope: string | undefined;
  breaking: boolean;
  pullRequest: number | undefined;
  /** Issue key as a group's name: `abc-34`, `issue-34`. */
  issue: string | undefined;
  /** The topic branch a merge names; never a trunk's name. */
  branch: string | undefined;
  merge: boolean;
  /** Subject of the commit a `fixup!`, `squash!` or `amend!` belongs to. */
  fixes: string | undefined;
  /** What it takes back. */
  reverts: Revert | undefined;
  /** The commits it says it was picked from. */
  pickedFrom: readonly string[];
  /** Why it must ship: `CVE-2024-1`, `hotfix`, `P0` …; undefined when nothing says so. */
  urgent: string | undefined;
}

const parser = new CommitParser({
  headerPattern: /^(\w[\w-]*)(?:\(([^()\r\n]*)\))?(!?): +(.+)$/u,
  headerCorrespondence: ['type', 'scope', 'mark', 'subject'],
  noteKeywords: ['BREAKING CHANGE', 'BREAKING-CHANGE', 'BREAKING CHANGES'],
  // References are read by `readIssue` and `requestOf`; the library's look for them is most of its time.
  issuePrefixes: undefined,
});

/** The beginning without which the library finds no convention in a header; asking it costs ten times as much. */
const conventional = /^\w[\w-]*(?:\([^()\r\n]*\))?!?: /u;

const types: ReadonlyMap<string, FeatureType> = new Map<string, FeatureType>([
  ...(['feat', 'feature', 'add'] as const).map((word) => [word, 'feature'] as const),
  ...(['fix', 'bugfix', 'hotfix', 'bug'] as const).map((word) => [word, 'fix'] as const),
  ...(['perf', 'performance'] as const).map((word) => [word, 'perf'] as const),
  ...(['refactor', 'refact', 'cleanup'] as const).map((word) => [word, 'refactor'] as const),
  ...(['docs', 'doc'] as const).map((word) => [word, 'docs'] as const),
  ...(['test', 'tests'] as const).map((word) => [word, 'test'] as const),
  ...(['build', 'deps', 'dep', 'ci'] as const).map((word) => [word, 'build'] as const),
  ...(['chore', 'style', 'release', 'lint'] as const).map((word) => [word, 'chore'] as const),
  ['revert', 'revert'],
  ...(['security', 'sec'] as const).map((word) => [word, 'security'] as const),
]);

/** A title is no longer than this; nor is any other line that is looked at. */
const longestTitle = 1000;

/** Of a longer message its beginning and, for the trailers, its end are read, in characters. */
const [longestStart, longestEnd] = [16_000, 4000];

/** Characters of a line that are matched; the library's own expressions take cubic time on long lines. */
const widestLine = 200;

/** More sources than this of one commit say no more. */
const mostPicks = 20;

/** Branches everybody's work comes together on; their names say nothing of what was merged. */
const trunks =
  /^(?:main|master|mainline|trunk|dev|devel|develop|development|next|unstable|stable|canary|nightly|staging|stage|qa|integration|preview|prod|production|gh-pages|release(?:s)?(?:[-/].*)?|hotfix(?:es)?|(?:[\w.]+[-/])?(?:maint|maintenance|stable)|v?\d[\w.]*|HEAD|origin)$/iu;

/** Whether a branch of this name is one that everybody's work comes together on. */
export function isTrunk(branch: string): boolean {
  return trunks.test(branch.replace(/^(?:origin|upstream)\//u, ''));
}

/** What the library makes of the header and the breaking notes; it sees nothing else of a message, and that cut. */
function parseConvention(header: string, body: string): ReturnType<CommitParser['parse']> | undefined {
  const notes = /BREAKING[ -]CHANGE/iu.test(body)
    ? (body.match(/^BREAKING[ -]CHANGES?:.{0,200}/gimu) ?? []).slice(0, 5)
    : [];
  if (notes.length === 0 && !conventional.test(header)) return undefined;
  const text = [header, '', ...notes].map((line) => line.slice(0, widestLine)).join('\n');
  return header ? parser.parse(text) : undefined;
}

/** A short text of its own: a slice would keep the whole message it was cut from in memory. */
function detach(text: string): string;
function detach(text: string | undefined): string | undefined;
function detach(text: string | undefined): string | undefined {
  return text === undefined ? undefined : Buffer.from(text).toString();
}

const nothing: readonly string[] = [];

/** Reads one message; total: any text gives an answer. `share` may give the one copy kept of texts that come often. */
export function readMessage(
  raw: string,
  parents: number,
  share: (text: string) => string = (text) => text,
): Message {
  const message = cut(raw).trim();
  const end = message.indexOf('\n');
  const subject = (end < 0 ? message : message.slice(0, end)).slice(0, longestTitle).trimEnd();
  const body = end < 0 ? '' : message.slice(end + 1).trim();
  const place = readMerge(subject, body, parents);
  const title = (place.title ?? subject).trim();
  const header = title.replace(/^(?:(?:fixup|squash|amend)! )+/u, '');
  const parsed = parseConvention(header, body);
  const written = parsed?.['scope']?.trim() || undefined;
  const scope = written?.toLowerCase();
  const word = parsed?.['type']?.toLowerCase();
  const plain = word === undefined ? undefined : types.get(word);
  // Titles without a convention say it in words: "Security fix: …", "[security] …".
  const said = place.security || /^(?:\[security\]|security (?:fix|patch|hotfix)\b)/iu.test(header);
  const type = said || (plain === 'fix' && /^sec(?:urity)?$/u.test(scope ?? '')) ? 'security' : plain;
  const reverts = readRevert(
    title,
    body,
    place.branch,
    type === 'revert' ? (parsed?.['subject'] ?? undefined) : undefined,
  );
  const branch = place.branch === undefined || isTrunk(place.branch) ? undefined : place.branch;
  const branchWord = /^(\w+)\//u.exec(place.branch ?? '')?.[1]?.toLowerCase();
  const byBranch = branchWord === undefined ? undefined : types.get(branchWord);
  const urgent = type === 'security' ? 'is a security fix' : readUrgency(title, body, place.branch);
  const kept = detach(subject);
  return {
    title: title === subject ? kept : detach(title),
    subject: kept,
    type: reverts ? 'revert' : (type ?? byBranch),
    scope: scope === undefined ? undefined : share(detach(scope)),
    breaking: parsed?.['mark'] === '!' || (parsed?.notes.length ?? 0) > 0,
    pullRequest: place.pullRequest ?? requestOf(title),
    issue: detach(readIssue(header, written, body, place.branch)),
    branch: branch === undefined ? undefined : share(detach(branch)),
    merge: parents > 1 || place.merge,
    fixes: detach(/^(?:(?:fixup|squash|amend)! )+(.+)$/u.exec(subject)?.[1]?.trim()),
    reverts: reverts && { ...reverts, sha: detach(reverts.sha), subject: detach(reverts.subject) },
    pickedFrom: picksOf(body),
    urgent: urgent === undefined ? undefined : share(detach(urgent)),
  };
}

/** No longer than what is read, with `\n` line ends; what is left out falls between lines. */
function cut(raw: string): string {
  let text = raw;
  if (raw.length > longestStart + longestEnd) {
    const tail = raw.slice(-longestEnd);
    const line = tail.indexOf('\n');
    text = `${raw.slice(0, longestStart)}${line < 0 ? '' : tail.slice(line)}`;
  }
  return text.includes('\r') ? text.replace(/\r\n?/gu, '\n') : text;
}

/** The number a squash ends its title with: `(#12)` of GitHub and others, `(!12)` of GitLab. */
function requestOf(title: string): number | undefined {
  return title.endsWith(')') ? id(/\((?:PR )?[#!](\d{1,9})\)$/u.exec(title)?.[1]) : undefined;
}

/** The commits that `git cherry-pick -x` noted. */
function picksOf(body: string): readonly string[] {
  if (!body.includes('cherry picked from commit')) return nothing;
  const found = body.matchAll(/^\(cherry picked from commit ([0-9a-f]{40,64})\)/gmu);
  return [...found].slice(-mostPicks).flatMap((match) => detach(match[1]) ?? []);
}
