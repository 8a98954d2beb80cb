/** Without one of these words nothing below can match. */
const worthALook = /CVE-\d|GHSA-|hotfix|critical|blocker|p0\b/iu;

const identifiers = /\b(CVE-\d{4}-\d{3,9}|GHSA(?:-[0-9a-z]{4}){3})\b/u;
const trailer = /^(?:priority|severity):[ \t]*(?:p0|critical|blocker)[ \t]*$/imu;

/** What marks a title; in prose the same words are only mentioned. */
const marks: readonly [RegExp, string][] = [
  [/^hotfix(?:\([^)]{0,100}\))?!?:|\[hotfix\]|\bhotfix\//iu, 'is marked hotfix'],
  [/^critical(?:\([^)]{0,100}\))?!?:|\[critical\]|\(critical\)/iu, 'is marked critical'],
  [/^p0(?:\([^)]{0,100}\))?!?:|\[p0\]/iu, 'is marked P0'],
];

/** Why a change must ship, as its identifiers, title, trailers or branch say; a plain `fix:` is not urgent. */
export function readUrgency(title: string, body: string, branch: string | undefined): string | undefined {
  const titled = worthALook.test(title);
  const said = worthALook.test(body);
  const identifier = (titled && identifiers.exec(title)) || (said && identifiers.exec(body));
  if (identifier) return `names ${identifier[1] ?? ''}`;
  const mark = titled ? marks.find(([pattern]) => pattern.test(title)) : undefined;
  if (mark) return mark[1];
  if (said && trailer.test(body)) return 'has a P0 trailer';
  return branch !== undefined && /^hotfix[/-]/iu.test(branch) ? 'is marked hotfix' : undefined;
}
