import type { ServerResponse } from 'node:http';

/** What the proxy says itself, when no version can; short, and nothing about the machine. */
const texts = {
  400: 'The request is not valid HTTP.\n',
  408: 'The request body stopped coming.\n',
  501: 'This transfer coding is not supported.\n',
  502: 'The version that serves did not answer.\n',
  503: 'No version is serving yet.\n',
  504: 'The version that serves did not answer in time.\n',
} as const;
export type OwnStatus = keyof typeof texts;

/** Ends `response` with one of the proxy's own answers; does nothing when an answer has begun. */
export function answer(response: ServerResponse, status: OwnStatus): void {
  if (response.headersSent || response.destroyed) return;
  const text = texts[status];
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  };
  if (status === 400 || status === 408 || status === 501) response.shouldKeepAlive = false;
  response.writeHead(status, status === 503 ? { ...headers, 'Retry-After': '1' } : headers);
  response.end(text);
}
