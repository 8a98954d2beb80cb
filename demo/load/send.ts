import { request, type Agent } from 'node:http';
import type { Ask } from './mix.ts';
import type { Tally } from './tally.ts';

const timeoutMs = 5000;

/** The name the shop's logs know these users by. */
const userAgent = 'orchestra-demo-load';

/** Sends one request, counts how it went, and goes on with what follows it unless it failed. Never throws. */
export function send(url: URL, agent: Agent, ask: Ask, tally: Tally): void {
  const startedAt = performance.now();
  let counted = false;
  const fail = (reason: string) => {
    if (!counted) tally.failed(ask.path, reason);
    counted = true;
  };
  tally.sent();
  const outgoing = request(
    {
      agent,
      host: url.hostname,
      port: url.port,
      method: ask.method,
      path: ask.path,
      timeout: timeoutMs,
      headers: {
        'user-agent': userAgent,
        ...(ask.body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(ask.body) }),
      },
    },
    (response) => {
      response.resume();
      response.on('error', () => fail('the answer broke off'));
      response.on('end', () => {
        if (counted) return;
        counted = true;
        const status = response.statusCode ?? 0;
        tally.answered(ask.path, status, performance.now() - startedAt);
        if (ask.next && status < 400) send(url, agent, ask.next, tally);
      });
    },
  );
  outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer in ${timeoutMs / 1000} s`)));
  outgoing.on('error', (error) => fail(error.message));
  outgoing.end(ask.body);
}
