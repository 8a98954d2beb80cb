import { CommitParser } from 'conventional-commits-parser';
import type { FeatureType } from '../domain/feature.ts';

/** What a commit message says about where it belongs; texts still as written. */
export interface Message {
  /** The line for people: the pull request's title where a merge carries one, else the subject. */
  title: string;
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
  /** What it takes back: a sha, or the subject in quotes. */
  reverts: { sha: string | undefined; subject: string | undefined } | undefined;
  /** Why it must ship: `CVE-2024-1`, `hotfix`, `P0` …; undefined when nothing says so. */
  urgent: string | undefined;
}

const parser = new CommitParser({
  headerPattern: /^(\w[\w-]*)(?:\(([^()\r\n]*)\))?(!?): +(.+)$/u,
  headerCorrespondence: ['type', 'scope', 'mark', 'subject'],
  noteKeywords: ['BREAKING CHANGE', 'BREAKING-CHANGE', 'BREAKING CHANGES'],
  issuePrefixes: ['#'],
});

const types: Readonly<Record<string, FeatureType>> = Object.freeze({
  feat: 'feature',
  feature: 'feature',
  add: 'feature',
  fix: 'fix',
  bugfix: 'fix',
  hotfix: 'fix',
  bug: 'fix',
  perf: 'perf',
  performance: 'perf',
  refactor: 'refactor',
  refact: 'refactor',
  cleanup: 'refactor',
  docs: 'docs',
  doc: 'docs',
  test: 'test',
  tests: 'test',
  build: 'build',
  deps: 'build',
  dep: 'build',
  ci: 'build',
  chore: 'chore',
  style: 'chore',
  release: 'chore',
  lint: 'chore',
  revert: 'revert',
  security: 'security',
  sec: 'security',
});

/** A title is no longer than this; nor is any other line that is looked at. */
const longestTitle = 1000;

/** A message is read no further than this; the rest is prose nobody parses. */
const longest = 20_000;

const trunks =
  /^(?:main|master|trunk|dev|develop|development|next|staging|production|release(?:[-/].*)?|v?\d[\w.]*|HEAD)$/iu;

/** Words that look like an issue key and are none. */
const noIssue =
  /^(?:UTF|SHA|ISO|RFC|CVE|CWE|GHSA|HTTP|ES|MD|TLS|AES|RSA|IPV|PEP|WCAG|X|UTC|GMT|ECMA|IEEE|P|PR|V|H)-/u;

/** What a trailer, a marker or an identifier says about urgency; a plain `fix:` is not urgent (DESIGN, Assessment). */
const urgentPatterns: readonly [RegExp, (match: RegExpExecArray) => string][] = [
  [/\b(CVE-\d{4}-\d{3,})\b/u, (m) => `names ${m[1] ?? ''}`],
  [/\b(GHSA(?:-[0-9a-z]{4}){3})\b/u, (m) => `names ${m[1] ?? ''}`],
  [/^(?:hotfix)(?:\([^)]*\))?!?:|\[hotfix\]|\bhotfix\//iu, () => 'is marked hotfix'],
  [/^(?:priority|severity):\s*(?:p0|critical|blocker)\s*$/imu, () => 'has a P0 trailer'],
  [/^critical(?:\([^)]*\))?!?:|\[critical\]|\(critical\)/iu, () => 'is marked critical'],
  [/^p0(?:\([^)]*\))?!?:|\[p0\]/iu, () => 'is marked P0'],
];

/** Characters of a line that are matched; the library's own expressions take cubic time on long lines. */
const widestLine = 200;

/** What the library makes of the header and the breaking notes; it sees nothing else of a message, and that cut. */
function parseConvention(header: string, body: string): ReturnType<CommitParser['parse']> | undefined {
  const notes = body.split('\n').filter((line) => /^BREAKING[ -]CHANGES?:/iu.test(line));
  const text = [header, '', ...notes.slice(0, 5)].map((line) => line.slice(0, widestLine)).join('\n');
  return header ? parser.parse(text) : undefined;
}

/** Reads one message; total: any text gives an answer. */
export function readMessage(raw: string, parents: number): Message {
  const message = raw.slice(0, longest).replace(/\r\n?/gu, '\n').trim();
  const [first = '', ...rest] = message.split('\n');
  const subject = first.slice(0, longestTitle);
  const body = rest.join('\n').trim();
  const place = readMerge(subject, body);
  const merge = parents > 1 || place.merge;
  const title = (place.title ?? subject).trim();
  const header = title.replace(/^(?:(?:fixup|squash|amend)! )+/u, '');
  const parsed = parseConvention(header, body);
  const word = parsed?.['type']?.toLowerCase();
  const plain = word !== undefined && Object.hasOwn(types, word) ? types[word] : undefined;
  const scope = parsed?.['scope']?.trim().toLowerCase() || undefined;
  // Titles without a convention say it in words: "Security fix: …", "[security] …".
  const said = /^(?:\[security\]|security (?:fix|patch|hotfix)\b)/iu.test(header);
  const type = said || (plain === 'fix' && /^sec(?:urity)?$/u.test(scope ?? '')) ? 'security' : plain;
  const quoted = /^(?:Revert|Reapply):? "(.+)"/u.exec(title);
  const byConvention = type === 'revert' ? parsed?.['subject'] : undefined;
  const sha = /This (?:reverts|reapplies) (?:commit|merge request \S+ \(commit) ([0-9a-f]{7,64})/u.exec(
    body,
  )?.[1];
  const reverted = quoted?.[1] ?? byConvention ?? undefined;
  const branchWord = /^(\w+)\//u.exec(place.branch ?? '')?.[1]?.toLowerCase();
  const branchType =
    branchWord !== undefined && Object.hasOwn(types, branchWord) ? types[branchWord] : undefined;
  const isRevert = quoted !== null || type === 'revert' || sha !== undefined;
  return {
    title,
    type: isRevert ? 'revert' : (type ?? branchType),
    scope,
    breaking: parsed?.['mark'] === '!' || (parsed?.notes.length ?? 0) > 0,
    pullRequest: place.pullRequest ?? number(/\(#(\d{1,9})\)\s*$/u.exec(title)?.[1]),
    issue: readIssue(header, parsed?.['scope'] ?? undefined, body, place.branch),
    branch: place.branch !== undefined && !trunks.test(place.branch) ? place.branch : undefined,
    merge,
    fixes: /^(?:(?:fixup|squash|amend)! )+(.+)$/u.exec(subject)?.[1]?.trim(),
    reverts: isRevert ? { sha, subject: reverted?.trim() } : undefined,
    urgent: type === 'security' ? 'is a security fix' : urgency(`${title}\n${body}`, place.branch),
  };
}

interface MergePlace {
  merge: boolean;
  pullRequest?: number | undefined;
  branch?: string | undefined;
  title?: string | undefined;
}

/** The forms in which GitHub, GitLab, Bitbucket, Azure and git itself name what was merged. */
function readMerge(subject: string, body: string): MergePlace {
  const first = body
    .split('\n')
    .find((line) => line.trim())
    ?.trim();
  const github = /^Merge pull request #(\d{1,9}) (?:from|in) (\S+)/u.exec(subject);
  if (github) {
    const branch = github[2]?.replace(/^[^/]+\//u, '');
    return { merge: true, pullRequest: number(github[1]), branch, title: first ?? branch };
  }
  const bitbucket = /^Merged in (\S+) \(pull request #(\d{1,9})\)/u.exec(subject);
  if (bitbucket)
    return {
      merge: true,
      pullRequest: number(bitbucket[2]),
      branch: bitbucket[1],
      title: first ?? bitbucket[1],
    };
  const server = /^(?:Merge )?pull request #(\d{1,9})(?::|\s)\s*(.*)$/iu.exec(subject);
  if (server) return { merge: true, pullRequest: number(server[1]), title: server[2] || first };
  const azure = /^Merged PR (\d{1,9}): (.+)$/u.exec(subject);
  if (azure) return { merge: false, pullRequest: number(azure[1]), title: azure[2] };
  const request = number(/^See merge request \S*!(\d{1,9})\s*$/mu.exec(body)?.[1]);
  const branch = /^Merge (?:remote-tracking )?branch '([^']+)'/u
    .exec(subject)?.[1]
    ?.replace(/^origin\//u, '');
  if (branch !== undefined) {
    const own =
      first !== undefined && !/^(?:See merge request|Conflicts:|#|\*|Closes |Fixes )/u.test(first)
        ? first
        : undefined;
    return { merge: true, pullRequest: request, branch, title: own };
  }
  return { merge: /^Merge (?:commit|tag|branches)\b/u.test(subject), pullRequest: request };
}

function readIssue(
  header: string,
  scope: string | undefined,
  body: string,
  branch: string | undefined,
): string | undefined {
  const key = '([A-Z][A-Z0-9]{1,9}-\\d{1,6})';
  const patterns: [RegExp, string][] = [
    [new RegExp(`^(?:\\[|\\()?${key}(?:\\]|\\))?(?=[\\s:,-]|$)`, 'u'), header],
    [new RegExp(`^${key}$`, 'u'), scope ?? ''],
    [new RegExp(`^\\w[\\w-]*(?:\\([^)]*\\))?!?: +\\[?${key}\\]?(?=[\\s:])`, 'u'), header],
    [new RegExp(`[([]${key}[)\\]]\\s*$`, 'u'), header],
    [
      new RegExp(
        `^(?:Issue|Jira|Ticket|Story|Task|Refs?|References|Closes|Fixes|Resolves)(?:-Id)?:? +#?${key}\\s*$`,
        'imu',
      ),
      body,
    ],
    [new RegExp(`(?:^|/)${key}(?=[-_/]|$)`, 'u'), branch ?? ''],
  ];
  for (const [pattern, text] of patterns) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined && !noIssue.test(found.toUpperCase())) return found.toLowerCase();
  }
  const closed = /^(?:Closes|Fixes|Resolves|Issue|Ticket|Story):? +#(\d{1,9})\s*$/imu.exec(body)?.[1];
  return closed === undefined ? undefined : `issue-${Number(closed)}`;
}

function urgency(text: string, branch: string | undefined): string | undefined {
  for (const [pattern, say] of urgentPatterns) {
    const match = pattern.exec(text);
    if (match) return say(match);
  }
  return branch !== undefined && /^hotfix[/-]/iu.test(branch) ? 'is marked hotfix' : undefined;
}

function number(digits: string | undefined): number | undefined {
  const value = Number(digits);
  return digits !== undefined && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
