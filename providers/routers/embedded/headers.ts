import type { IncomingMessage } from 'node:http';
import type { Head } from './plain-request.ts';

/** Meant for one connection only (RFC 9110 7.6.1), plus what the proxy writes itself. */
const notForwarded = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Written anew from the parsed request, so that a client can neither double nor, by naming them in Connection, remove them. */
const rewritten = new Set([
  'host',
  'content-length',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
]);

/** How a request carries its body; `unsupported` is a transfer coding beyond chunked. */
export type Framing = 'none' | 'length' | 'chunked' | 'unsupported';

/** How the parser read the request's body; both headers at once never get here, the parser refuses them. */
export function framingOf(request: IncomingMessage): Framing {
  const coding = request.headers['transfer-encoding'];
  if (coding !== undefined) return coding.trim().toLowerCase() === 'chunked' ? 'chunked' : 'unsupported';
  const length = request.headers['content-length'];
  return length === undefined || length === '0' ? 'none' : 'length';
}

/** The names a Connection header lists as its own; undefined when it lists none. */
function nominated(connection: string | undefined): Set<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}

/**
 * The headers to send upstream, flat as in `rawHeaders`: the client's own, in order and spelling, without those of its
 * connection, with `X-Forwarded-*`, and with exactly one statement of the body's length. Undefined for a request
 * with two Host lines, which RFC 9112 3.2 wants refused.
 */
export function requestHeaders(
  request: IncomingMessage,
  framing: Framing,
  upstream: string,
): string[] | undefined {
  const { rawHeaders: raw, headers } = request;
  const own = nominated(headers.connection);
  const out: string[] = ['Host', headers.host ?? upstream];
  let hosts = 0;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'host' && ++hosts > 1) return undefined;
    if (rewritten.has(lower) || notForwarded.has(lower) || own?.has(lower)) continue;
    out.push(name, raw[i + 1] ?? '');
  }
  if (framing === 'chunked') out.push('Transfer-Encoding', 'chunked');
  else if (headers['content-length'] !== undefined) out.push('Content-Length', headers['content-length']);
  else if (mayCarryBody(request.method)) out.push('Content-Length', '0');
  const client = request.socket.remoteAddress ?? 'unknown';
  const before = headers['x-forwarded-for'];
  out.push('X-Forwarded-For', before === undefined ? client : `${String(before)}, ${client}`);
  out.push('X-Forwarded-Proto', first(headers['x-forwarded-proto']) ?? 'http');
  const host = first(headers['x-forwarded-host']) ?? headers.host;
  if (host !== undefined) out.push('X-Forwarded-Host', host);
  return out;
}

/** The headers to send back to the user: all but those of the version's own connection. */
export function responseHeaders(response: Pick<Head, 'rawHeaders' | 'headers'>): string[] {
  const { rawHeaders: raw, headers } = response;
  const own = nominated(headers.connection);
  const out: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const lower = name.toLowerCase();
    if (notForwarded.has(lower) || (own?.has(lower) && lower !== 'content-length')) continue;
    out.push(name, raw[i + 1] ?? '');
  }
  return out;
}

/** Methods for which Node would otherwise announce a chunked body. */
function mayCarryBody(method: string | undefined): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
