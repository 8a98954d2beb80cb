import { type Link, joinedLinks } from '../domain/link.ts';
import { safeText } from '../domain/safe-text.ts';

/** Lines of one message that are looked at, and characters of each. */
const [mostLines, widestLine] = [200, 300];

/** Trailers and the kind of record that each names. `Change-Id` is Gerrit's and names a commit. */
const trailers: readonly (readonly [RegExp, Link['kind']])[] = [
  [/^(?:change|change-request|change-ticket|rfc-request): +(\S.*)$/iu, 'change'],
  [/^(?:spec|specification|design|design-doc): +(\S.*)$/iu, 'spec'],
  [
    /^(?:refs?|references|issues?|jira|ticket|story|task|closes|closed|close|fix|fixes|fixed|resolves|resolved)(?:-id)?:? +(\S.*)$/iu,
    'issue',
  ],
];

/** `ABC-12`, `#12`, `owner/name#12`, or the last part of an address. */
const reference = /(?:[\w.-]{1,60}\/[\w.-]{1,60})?#\d{1,9}|\b[A-Z][A-Z0-9]{1,9}-\d{1,6}\b/gu;
const specification = /^[\w./:#@-]{1,100}$/u;
/** Words that look like a key and are none. */
const noKey =
  /^(?:UTF|UCS|SHA|ISO|RFC|CVE|CWE|GHSA|HTTP|ES|MD|TLS|SSL|AES|RSA|IPV|PEP|WCAG|X|UTC|GMT|ECMA|IEEE|P|PR|V|H|GPT|BASE|INT|UINT|WIN|ARM|NODE|PHP|TOP|COVID)-|-0+$/u;
/** A change request by the name of its key, as service desks give them. */
const changeKey = /^(?:CHG|CHANGE|CRQ|CR)-?\d/u;
const inSubject =
  /^\[?([A-Z][A-Z0-9]{1,9}-\d{1,6})\]?(?=[\s:,]|$)|[([]([A-Z][A-Z0-9]{1,9}-\d{1,6})[)\]]|: \[?([A-Z][A-Z0-9]{1,9}-\d{1,6})\]?(?=[\s:])/u;

function link(kind: Link['kind'], id: string): Link[] {
  if (id === '' || noKey.test(id)) return [];
  return [{ kind: kind === 'issue' && changeKey.test(id) ? 'change' : kind, id, from: 'commit' }];
}

function ofLine(line: string): Link[] {
  for (const [pattern, kind] of trailers) {
    const rest = pattern.exec(line)?.[1]?.trim();
    if (rest === undefined) continue;
    const found = [...rest.matchAll(reference)].flatMap(([id]) => link(kind, id));
    if (found.length > 0 || kind !== 'spec') return found;
    return specification.test(rest) ? link('spec', rest) : [];
  }
  return [];
}

/**
 * The records that commits say they belong to: in trailers (`Refs:`, `Closes #12`, `Change: CHG-3`, `Spec: S-4`) and keys that begin
 * a subject or stand in brackets in it. A mention elsewhere is no belonging. Each once, safe to print.
 */
export function commitLinks(commits: readonly { subject: string; body: readonly string[] }[]): Link[] {
  return joinedLinks(
    commits.flatMap(({ subject, body }) => {
      const [, first, second, third] = inSubject.exec(safeText(subject, widestLine)) ?? [];
      const key = first ?? second ?? third;
      return [
        ...(key === undefined ? [] : link('issue', key)),
        ...body.slice(0, mostLines).flatMap((line) => ofLine(safeText(line, widestLine))),
      ];
    }),
  );
}
