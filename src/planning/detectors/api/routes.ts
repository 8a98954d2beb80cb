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

/** Routes a change adds and takes away, by its lines; one that moves is neither. */
export function routeChanges(files: readonly FileDiff[]): { paths: string[]; statements: Statement[] } {
  const added = new Set<string>();
  const removed = new Set<string>();
  const paths: string[] = [];
  for (const file of files) {
    const now = new Set([
      ...file.added.flatMap(({ text }) => routesOf(file.path, text)),
      ...(file.status === 'added' || file.status === 'renamed' ? pageOf(file.path) : []),
    ]);
    const was = new Set([
      ...file.removed.flatMap(({ text }) => routesOf(file.oldPath, text)),
      ...(file.status === 'deleted' || file.status === 'renamed' ? pageOf(file.oldPath) : []),
    ]);
    if (now.size + was.size > 0) paths.push(file.path);
    for (const route of now) added.add(route);
    for (const route of was) removed.add(route);
  }
  const statements: Statement[] = [];
  for (const route of removed)
    if (!added.has(route)) statements.push({ text: `removes ${route}`, breaks: true });
  for (const route of added)
    if (!removed.has(route)) statements.push({ text: `adds ${route}`, breaks: false });
  return { paths, statements };
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
