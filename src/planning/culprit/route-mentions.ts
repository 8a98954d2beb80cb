import type { Git } from '../../ports/git.ts';
import type { ChangedLines } from './changed-lines.ts';

/** How much of a deployment's diff is looked through, in characters. */
const mostDiff = 4_000_000;

/** Tests and papers name routes that they do not serve. */
const servesNobody =
  /(?:^|\/)(?:tests?|specs?|__tests__|docs?|smoke)\/|[._](?:test|spec)\.|\.(?:md|json|ya?ml|lock)$/u;

/** What a source names a route by: its words before the first name in it, `/orders/` of `GET /orders/:id`. */
export function literalOf(route: string): string | undefined {
  const path = route.slice(route.indexOf(' ') + 1);
  const end = path.search(/\/(?::id|\*)(?:\/|$)/u);
  const fixed = end < 0 ? path : path.slice(0, end);
  return fixed.length < 3 ? undefined : fixed;
}

/** The features in whose changed lines each route's literal stands, by route. */
export async function routeMentions(
  git: Git,
  {
    candidate,
    stable,
    routes,
    changed,
    signal,
  }: {
    candidate: string;
    stable: string;
    routes: readonly string[];
    changed: ChangedLines;
    signal: AbortSignal;
  },
): Promise<Map<string, string[]>> {
  const wanted = routes.flatMap((route) => {
    const literal = literalOf(route);
    return literal === undefined ? [] : [{ route, literal }];
  });
  const mentions = new Map<string, Set<string>>();
  if (wanted.length === 0) return new Map();
  const args = ['diff', '--unified=0', '--no-color', '--no-ext-diff', '--no-renames', '--src-prefix=a/'];
  const places: { route: string; path: string; line: number }[] = [];
  let path = '';
  let line = 0;
  for await (const text of diffLines(git, [...args, '--dst-prefix=b/', stable, candidate, '--'], signal)) {
    const hunk = /^@@ -[\d,]{1,20} \+(\d{1,9})/u.exec(text);
    if (hunk) line = Number(hunk[1]);
    else if (text.startsWith('+++ '))
      path = text.startsWith('+++ b/') ? text.slice(6).replace(/\t$/u, '') : '';
    else if (text.startsWith('+')) {
      for (const { route, literal } of wanted)
        if (path !== '' && !servesNobody.test(path) && quotes(text, literal) && places.length < 200)
          places.push({ route, path, line });
      line += 1;
    }
  }
  for (const { route, ...place } of places) {
    for (const id of (await changed.ownersOf(place.path, place.line)) ?? []) {
      const known = mentions.get(route) ?? new Set();
      mentions.set(route, known.add(id));
    }
  }
  return new Map([...mentions].map(([route, ids]) => [route, [...ids]]));
}

/** Whether the literal stands in quotes, and ends there or at a slash: `/cart` is not in `'/cartons'`. */
function quotes(text: string, literal: string): boolean {
  for (let at = text.indexOf(literal); at > 0; at = text.indexOf(literal, at + 1))
    if (/["'`]/u.test(text[at - 1] ?? '') && /["'`/?]/u.test(text[at + literal.length] ?? '')) return true;
  return false;
}

async function* diffLines(git: Git, args: readonly string[], signal: AbortSignal): AsyncGenerator<string> {
  let rest = '';
  let read = 0;
  for await (const chunk of git.stream(args, { signal })) {
    rest += chunk.toString('utf8');
    read += chunk.length;
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (read > mostDiff) return;
  }
  if (rest !== '') yield rest;
}
