/** Words that look like an issue key and are none. */
const noIssue =
  /^(?:UTF|UCS|SHA|ISO|RFC|CVE|CWE|GHSA|HTTP|ES|MD|TLS|SSL|AES|RSA|IPV|PEP|WCAG|X|UTC|GMT|ECMA|IEEE|P|PR|V|H|GPT|BASE|INT|UINT|WIN|ARM|NODE|PHP|TOP|COVID)-|-0+$/u;

const inHeader =
  /^(?:\[|\()?([A-Z][A-Z0-9]{1,9}-\d{1,6})(?:\]|\))?(?=[\s:,-]|$)|^\w[\w-]{0,40}(?:\([^)]{0,100}\))?!?: +\[?([A-Z][A-Z0-9]{1,9}-\d{1,6})\]?(?=[\s:])|[([]([A-Z][A-Z0-9]{1,9}-\d{1,6})[)\]](?: *\([#!]\d{1,9}\))?$/u;
const inScope = /^([A-Z][A-Z0-9]{1,9}-\d{1,6})$/u;
const inTrailer =
  /^(?:Issue|Jira|Ticket|Story|Task|Refs?|References|Closes|Fixes|Resolves)(?:-Id)?:? +#?([A-Z][A-Z0-9]{1,9}-\d{1,6})[ \t]*$/imu;
const inBranch = /(?:^|\/)([A-Z][A-Z0-9]{1,9}-\d{1,6})(?=[-_/]|$)/u;
const workItem = /\bAB#(\d{1,9})\b/u;
const closed = /^(?:Closes|Fixes|Resolves|Issue|Ticket|Story):? +#(\d{1,9})[ \t]*$/imu;

/**
 * The issue a commit says it belongs to, as a group's name (`abc-34`, `issue-34`): in its header, scope, a trailer or the
 * merged branch's name. A mention elsewhere is no belonging.
 */
export function readIssue(
  header: string,
  scope: string | undefined,
  body: string,
  branch: string | undefined,
): string | undefined {
  const dashed = header.includes('-');
  const head = dashed ? inHeader.exec(header) : null;
  const key =
    accept(head?.[1] ?? head?.[2] ?? head?.[3]) ??
    (scope === undefined ? undefined : accept(inScope.exec(scope)?.[1])) ??
    (body === '' ? undefined : accept(inTrailer.exec(body)?.[1])) ??
    (branch === undefined ? undefined : accept(inBranch.exec(branch)?.[1]));
  if (key !== undefined) return key;
  const item = header.includes('AB#') ? workItem.exec(header)?.[1] : undefined;
  if (item !== undefined) return `ab-${Number(item)}`;
  const number = body.includes('#') ? closed.exec(body)?.[1] : undefined;
  return number === undefined || Number(number) === 0 ? undefined : `issue-${Number(number)}`;
}

function accept(key: string | undefined): string | undefined {
  return key === undefined || noIssue.test(key.toUpperCase()) ? undefined : key.toLowerCase();
}
