/** What the wording of a merge, or of a squashed pull request, says. */
export interface MergePlace {
  merge: boolean;
  pullRequest?: number | undefined;
  /** What was merged, as named; it may be a trunk. */
  branch?: string | undefined;
  /** The line for people, where there is one. */
  title?: string | undefined;
  /** It mends what a security advisory is about. */
  security?: boolean;
}

const github = /^Merge pull request #(\d{1,9}) from (\S+)/u;
const bitbucketServer = /^Merge pull request #(\d{1,9}) in \S+ from (\S+) to \S+/u;
const gitea = /^Merge pull request '(.*)' \([#!](\d{1,9})\) from (\S+)/u;
const bitbucketCloud = /^Merged in (\S+) \(pull request #(\d{1,9})\)/u;
const titled = /^pull request #(\d{1,9}):? +(.*)$/iu;
const azure = /^Merged PR #?(\d{1,9}): +(.+)$/u;
const azureMerge = /^Merge (?:PR|pull request) #?(\d{1,9})(?: from (\S+) into \S+|: +(.+))/u;
const homu = /^Auto merge of #(\d{1,9}) - (\S+), r=/u;
const bors = /^Merge #(\d{1,9})(?: #\d{1,9})*$/u;
/** GitHub's wording for what was worked out in the private fork of a security advisory. */
const advisory = /^Merge (?:commit from fork|pull request from GHSA-\S+)$/u;
const byHand = /^(?:re-?)?merged? (?:PR |pull request )?#(\d{1,9})\b[:,]? *(.*)$/iu;
const plain = /^Merge (?:remote-tracking |remote )?branch '([^']+)'/u;
const bare = /^Merge (?:(?:remote-tracking )?branch )?([\w./#-]+) (?:into|to|in) [\w./#-]+\.?$/u;
const several = /^Merge (?:commit|tag|branches|remote-tracking branches|changes|from|in)\b/u;
/** Lines after a merge's subject that are no title. */
const noTitle =
  /^(?:See merge request|Conflicts:|#|\*|[-\w]+-by: |(?:Closes|Fixes|Refs|Resolves|Related)\b)/u;

/** The forms in which GitHub, GitLab, Bitbucket, Azure, Gitea, Forgejo, bors and git itself name what was merged. */
export function readMerge(subject: string, body: string, parents: number): MergePlace {
  // Most subjects are none of these, and need no further look than at their first letters.
  const place = /^(?:(?:re-?)?merge|auto merge|pull request)/iu.test(subject)
    ? readSubject(subject, body, parents)
    : undefined;
  if (place?.pullRequest !== undefined) return place;
  return { merge: false, ...place, pullRequest: requestIn(body) };
}

function readSubject(subject: string, body: string, parents: number): MergePlace {
  const first = firstLine(body);
  let m = bitbucketServer.exec(subject);
  if (m) return { merge: true, pullRequest: id(m[1]), branch: m[2], title: isTitle(first, body) };
  m = github.exec(subject);
  if (m) return { merge: true, pullRequest: id(m[1]), branch: m[2]?.replace(/^[^/]+\//u, ''), title: first };
  m = gitea.exec(subject);
  if (m) return { merge: true, pullRequest: id(m[2]), branch: m[3], title: m[1] || first };
  m = bitbucketCloud.exec(subject);
  if (m) return { merge: true, pullRequest: id(m[2]), branch: m[1], title: isTitle(first, body) };
  m = titled.exec(subject);
  if (m) {
    const branch = /^Merge in \S+ from (\S+) to \S+/u.exec(first ?? '')?.[1];
    return { merge: true, pullRequest: id(m[1]), branch, title: m[2] || first };
  }
  m = azure.exec(subject);
  if (m) return { merge: false, pullRequest: id(m[1]), title: m[2] };
  m = azureMerge.exec(subject);
  if (m) return { merge: true, pullRequest: id(m[1]), branch: m[2], title: m[3] ?? first };
  m = homu.exec(subject);
  if (m) return { merge: true, pullRequest: id(m[1]), branch: m[2]?.replace(/^[^:]+:/u, ''), title: first };
  m = bors.exec(subject);
  if (m) return { merge: true, pullRequest: id(m[1]), title: first?.replace(/^\d+: +/u, '') };
  if (advisory.test(subject)) return { merge: true, security: true, title: first?.replace(/^\* +/u, '') };
  m = byHand.exec(subject);
  if (m) return { merge: parents > 1, pullRequest: id(m[1]), title: titleByHand(m[2], subject) };
  m = plain.exec(subject) ?? (parents > 1 ? bare.exec(subject) : null);
  if (m) return { merge: true, branch: m[1]?.replace(/^origin\//u, ''), title: isTitle(first, body) };
  return { merge: several.test(subject) };
}

/** What follows the number, where it is a title of its own and not the rest of a sentence. */
function titleByHand(rest: string | undefined, subject: string): string {
  return rest && subject.includes(`: ${rest}`) ? rest : subject;
}

/** The request a trailer of GitLab or Gitea names. */
function requestIn(body: string): number | undefined {
  if (body.includes('See merge request')) {
    const found = /^See merge request \S*!(\d{1,9})[ \t]*$/mu.exec(body);
    if (found) return id(found[1]);
  }
  if (!body.includes('Reviewed-on:')) return undefined;
  return id(/^Reviewed-on: https?:\/\/\S+\/pulls\/(\d{1,9})[ \t]*$/mu.exec(body)?.[1]);
}

function firstLine(body: string): string | undefined {
  const end = body.indexOf('\n');
  return (end < 0 ? body : body.slice(0, end)).trim() || undefined;
}

/** A body's first line, when it stands alone as a title does; a wrapped paragraph's first line says half a thing. */
function isTitle(first: string | undefined, body: string): string | undefined {
  if (first === undefined || noTitle.test(first)) return undefined;
  return /^[^\n]+(?:$|\n[ \t]*(?:\n|$))/u.test(body) ? first : undefined;
}

/** A number of a pull request; undefined for what is none. */
export function id(digits: string | undefined): number | undefined {
  const value = Number(digits);
  return digits !== undefined && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
