import type { FileDiff } from '../../diff.ts';
import type { Statement } from '../statements.ts';

/** A way a framework writes a route on one line: method and path, in these groups. */
interface Form {
  files: RegExp;
  pattern: RegExp;
  /** The method where the pattern has none. */
  method?: string;
}

const scripts = /\.[cm]?[jt]sx?$|\.(?:vue|svelte|coffee)$/iu;
const verbs = 'get|post|put|patch|delete|del|options|head|all';

const forms: readonly Form[] = [
  // Express, Koa, Fastify, Hono: a path, then handlers. A client's `api.get('/x')` hands over none.
  {
    files: scripts,
    pattern: new RegExp(
      `(?:^|[\\s.(=])(?:\\w{0,40}(?:app|router|routes?|server|fastify|api)|r)\\.(${verbs})\\s*(?:<[^>]{0,100}>)?\\(\\s*["'\`]([/*][^"'\`]{0,200})["'\`]\\s*,`,
      'iu',
    ),
  },
  {
    files: scripts,
    pattern: new RegExp(`^\\s*\\.(${verbs})\\(\\s*["'\`](\\/[^"'\`]{0,200})["'\`]\\s*,`, 'iu'),
  },
  { files: scripts, pattern: /\.(route)\(\s*["'`](\/[^"'`]{0,200})["'`]/iu },
  {
    files: scripts,
    pattern: /\b(?:method:\s*["'](\w{1,10})["'],\s*)(?:url|path):\s*["'`](\/[^"'`]{0,200})["'`]/iu,
  },
  { files: scripts, pattern: /(?:pathname|url|path)\s*===?\s*["'`]()(\/[^"'`]{0,200})["'`]/u },
  // NestJS, Angular-style decorators; Spring.
  {
    files: /\.(?:[cm]?ts|java|kt)$/iu,
    pattern:
      /^\s*@(Get|Post|Put|Patch|Delete|Request|All|Head)(?:Mapping)?\(\s*(?:(?:value|path)\s*=\s*)?\{?\s*["'`]?([^"'`)]{0,200})/u,
  },
  // Flask, FastAPI.
  {
    files: /\.py$/iu,
    pattern: /^\s*@\w{1,60}\.(route|get|post|put|patch|delete|websocket)\(\s*[rf]?["']([^"']{0,200})["']/u,
  },
  // Rails, Sinatra.
  {
    files: /(?:^|\/)config\/routes(?:\.rb|\/.+\.rb)$|(?:^|\/)(?:app|server|api)\.rb$/u,
    pattern:
      /^\s*(get|post|put|patch|delete|match|resources?|root|mount|namespace)\s*\(?\s*(["'][^\s,"']{1,200}|:\w{1,200})/u,
  },
  // Django.
  { files: /(?:^|\/)urls\.py$/u, pattern: /\b(?:re_)?(path|url)\(\s*r?["']([^"']{0,200})["']/u },
  // Go: net/http with its patterns of 1.22, gin, echo, chi, fiber.
  {
    files: /\.go$/u,
    pattern:
      /\.(?:HandleFunc|Handle)\(\s*"(?:(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) )?([^" ]{1,200})"\s*,/u,
  },
  {
    files: /\.go$/u,
    pattern:
      /\b\w{1,40}\.(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|Any|Get|Post|Put|Patch|Delete)\(\s*"(\/[^"]{0,200})"\s*,/u,
  },
  // Laravel, Slim.
  {
    files: /\.php$/iu,
    pattern:
      /(?:Route::|\$(?:app|router|group)->)(get|post|put|patch|delete|any|resource|apiResource)\(\s*["']([^"']{1,200})["']/u,
  },
  // ASP.NET.
  { files: /\.cs$/iu, pattern: /\.Map(Get|Post|Put|Patch|Delete)\(\s*"([^"]{0,200})"/u },
  { files: /\.cs$/iu, pattern: /^\s*\[(?:Http)?(Get|Post|Put|Patch|Delete|Route)\(\s*"([^"]{0,200})"/u },
  // Phoenix.
  { files: /router\.ex$/u, pattern: /^\s*(get|post|put|patch|delete|resources|live)\s+"([^"]{1,200})"/u },
  // axum, actix, rocket.
  { files: /\.rs$/u, pattern: /^\s*#\[(get|post|put|patch|delete)\("([^"]{1,200})"/u },
  { files: /\.rs$/u, pattern: /\.(route)\(\s*"(\/[^"]{0,200})"\s*,/u },
];

const nextApp = /(?:^|\/)app\/(.{0,300}\/)?route\.[cm]?[jt]sx?$/u;
const nextPages = /(?:^|\/)pages\/(api(?:\/.{0,300})?)\.[cm]?[jt]sx?$/u;
const handler = /^\s*export\s+(?:async\s+)?(?:function|const)\s+(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b/u;

/** The whole of a file on one side, where it could be had. */
export type TextOf = (file: FileDiff, side: 'before' | 'after') => string | undefined;

/** Whether the changed lines of a file can only be understood with the rest of it: docstrings, and routes told twice. */
export function needsWhole(file: FileDiff): boolean {
  const { path, added, removed } = file;
  if (/\.py$/iu.test(path))
    return [...added, ...removed].some(({ text }) => /^\s+@/u.test(text) && routesOf(path, text).length > 0);
  return /(?:^|\/)config\/routes/u.test(path) && removed.some(({ text }) => routesOf(path, text).length > 0);
}

/** Routes a change adds, takes away and rewrites, by its lines; one that moves is none of these. */
export function routeChanges(
  files: readonly FileDiff[],
  textOf: TextOf,
): { paths: string[]; statements: Statement[] } {
  const sides = files.map((file) => ({
    file,
    now: new Map([
      ...routeLines(file, 'after', textOf),
      ...(file.status === 'added' || file.status === 'renamed' ? pageOf(file.path) : []).map(asPage),
    ]),
    was: new Map([
      ...routeLines(file, 'before', textOf),
      ...(file.status === 'deleted' || file.status === 'renamed' ? pageOf(file.oldPath) : []).map(asPage),
    ]),
  }));
  const added = new Set(sides.flatMap(({ now }) => [...now.keys()].flatMap(variants).flatMap(addressesOf)));
  const removed = new Set(sides.flatMap(({ was }) => [...was.keys()].map(nameless)));
  const paths = new Set<string>();
  const gone = new Set<string>();
  const come = new Set<string>();
  const changed = new Set<string>();
  const moved = new Set<string>();
  for (const { file, now, was } of sides) {
    const kept = remaining(file, textOf);
    const say = (list: Set<string>, route: string) => {
      list.add(route);
      paths.add(file.path);
    };
    for (const [route, line] of was) {
      const still = now.get(route);
      if (still !== undefined && plain(still) !== plain(line)) say(changed, route);
      else if (still !== undefined || kept.has(line)) continue;
      else if (!variants(route).every((one) => added.has(nameless(one)))) say(gone, route);
      else if (added.has(nameless(route))) say(moved, route);
    }
    for (const route of now.keys())
      if (!removed.has(nameless(route))) say(come, route);
      else if (!was.has(route)) say(moved, route);
  }
  return {
    paths: [...paths],
    statements: [
      ...[...gone].map((route) => ({ text: `removes ${route}`, breaks: true })),
      ...[...come].map((route) => ({ text: `adds ${route}`, breaks: false })),
      ...[...moved].map((route) => ({ text: `moves ${route}`, breaks: false })),
      ...[...changed].map((route) => ({ text: `changes ${route}`, breaks: false })),
    ],
  };
}

/** What a placeholder is called is no part of an address. */
const nameless = (route: string) =>
  route.replaceAll(/\[[^\]/]{1,100}\]|:\w{1,100}|\{[^}/]{1,100}\}|<[^>/]{1,100}>/gu, ':');

/** A handler of one method serves the address, whatever named it before: Next.js's pages take every method. */
function addressesOf(route: string): string[] {
  const own = nameless(route);
  const page = /^[A-Z]+ (\/.*)$/u.exec(own)?.[1];
  return page === undefined ? [own] : [own, page];
}

/** A line without what a formatter may choose. */
const plain = (line: string) => line.replaceAll(/["'`;,\s]/gu, '');

const asPage = (route: string): [string, string] => [route, ''];

/** Routes on the changed lines of one side, each with its line; what stands in a docstring is only told of. */
function routeLines(file: FileDiff, side: 'before' | 'after', textOf: TextOf): [string, string][] {
  const path = side === 'before' ? file.oldPath : file.path;
  const lines = (side === 'before' ? file.removed : file.added).flatMap((line) =>
    routesOf(path, line.text).map((route) => ({ ...line, route })),
  );
  if (lines.length === 0) return [];
  const text = /\.py$/iu.test(path) ? textOf(file, side) : undefined;
  const quoted = text === undefined ? undefined : docstringLines(text);
  return (
    lines
      .filter(({ line }) => quoted?.has(line) !== true)
      // A handler's line is no more than its beginning.
      .map(({ route, text: own }) => [route, nextApp.test(path) ? '' : own.trim()])
  );
}

/** Lines of a file that still say what a removed line said. */
function remaining(file: FileDiff, textOf: TextOf): ReadonlySet<string> {
  const text = needsWhole(file) && file.path.endsWith('.rb') ? textOf(file, 'after') : undefined;
  return new Set(text?.split('\n').map((line) => line.trim()));
}

/** A route with optional parts, `/top(/:length)/rss`, is every route it stands for. */
function variants(route: string): string[] {
  const part = /\(([^()]{0,100})\)/u.exec(route);
  if (!part) return [route];
  const [before, after] = [route.slice(0, part.index), route.slice(part.index + part[0].length)];
  if ((route.match(/\(/gu)?.length ?? 0) > 4) return [route];
  return [...variants(`${before}${after}`), ...variants(`${before}${part[1] ?? ''}${after}`)];
}

/** Numbers of the lines inside Python's triple quotes, from one. */
export function docstringLines(text: string): Set<number> {
  const inside = new Set<number>();
  let open: string | undefined;
  for (const [i, line] of text.split('\n').entries()) {
    if (open !== undefined) inside.add(i + 1);
    for (let at = 0; at < line.length;) {
      if (open !== undefined) {
        const end = line.indexOf(open, at);
        if (end < 0) break;
        [open, at] = [undefined, end + 3];
        continue;
      }
      const mark = /"""|'''|#|"(?:[^"\\]|\\.){0,400}"|'(?:[^'\\]|\\.){0,400}'/gu;
      mark.lastIndex = at;
      const found = mark.exec(line);
      if (!found || found[0] === '#') break;
      at = found.index + found[0].length;
      if (found[0] === '"""' || found[0] === "'''") open = found[0];
    }
  }
  return inside;
}

/** Next.js's folders are its routes: `app/carts/[id]/route.ts`, `pages/api/carts.ts`. */
function pageOf(path: string): string[] {
  const page = nextPages.exec(path)?.[1];
  return page === undefined ? [] : [`/${page.replace(/(?:^|\/)index$/u, '')}`];
}

function routesOf(path: string, line: string): string[] {
  if (line.trim() === '' || /^\s*(?:\/\/|\*|#(?!\[)|--)/u.test(line)) return [];
  const folder = nextApp.exec(path);
  if (folder) {
    const method = handler.exec(line)?.[1];
    // Groups in brackets are no part of the address.
    const at = (folder[1] ?? '').replaceAll(/\([^)]*\)\//gu, '').replace(/\/$/u, '');
    return method === undefined ? [] : [`${method} /${at}`];
  }
  for (const { files, pattern } of forms) {
    if (!files.test(path)) continue;
    const match = pattern.exec(line);
    if (!match) continue;
    const method = (match[1] ?? '').toUpperCase();
    const plain = ['', 'ROUTE', 'PATH', 'URL', 'REQUEST', 'ALL', 'ANY', 'MATCH', 'HANDLE'].includes(method);
    const target = (match[2] ?? '').replace(/^["':]/u, '').trim();
    const shown = target === '' ? '/' : target;
    if (/^(?:RESOURCES?|ROOT|MOUNT|NAMESPACE|LIVE|APIRESOURCE)$/u.test(method))
      return [`${method.toLowerCase()} ${shown}`];
    return [plain ? `route ${shown}` : `${method} ${shown}`];
  }
  return [];
}
