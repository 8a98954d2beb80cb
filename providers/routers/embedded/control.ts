import { timingSafeEqual } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { z } from 'zod';
import { limits } from './limits.ts';
import { changeSchema, drainSchema, heartbeatSchema, type Report } from './protocol.ts';
import type { Address } from '../../../src/ports/router.ts';
import type { SideRoutes } from '../../../src/domain/failing-routes.ts';
import type { Counts } from '../../../src/domain/sample.ts';
import { Refusal } from './refusal.ts';

/** What the control API can ask of the proxy. */
export interface Controlled {
  report(): Report;
  change(change: z.infer<typeof changeSchema>): Promise<void>;
  heartbeat(rollout: string, fence: number): Promise<void>;
  drain(sha: string, timeoutMs: number, copy?: Address): Promise<number>;
  counts(): Record<string, Counts>;
  routes(): Record<string, SideRoutes>;
  shutdown(): void;
}

/** The control API's server, not yet listening; every request must carry `token`. */
export function createControlServer(
  proxy: Controlled,
  token: string,
  log: (line: string) => void,
): http.Server {
  const wanted = Buffer.from(`Bearer ${token}`);
  return http.createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    const allowed = given.length === wanted.length && timingSafeEqual(given, wanted);
    handle(proxy, request, allowed)
      .then((body) => send(response, 200, body))
      .catch((error: unknown) => {
        if (error instanceof Refusal) {
          send(response, error.status, { error: { code: error.code, message: error.message } });
          return;
        }
        const message = error instanceof Error ? error.message : String(error);
        log(`control request failed: ${message}`);
        send(response, 500, { error: { code: 'router-failed', message } });
      });
  });
}

async function handle(proxy: Controlled, request: IncomingMessage, allowed: boolean): Promise<unknown> {
  if (!allowed) throw new Refusal(401, 'unauthorized', 'a valid token is needed');
  switch (`${request.method} ${request.url}`) {
    case 'GET /v1/state':
      return proxy.report();
    case 'GET /v1/metrics':
      return { versions: proxy.counts() };
    case 'GET /v1/failing-routes':
      return { versions: proxy.routes() };
    case 'PUT /v1/routes':
      await proxy.change(await body(request, changeSchema));
      return proxy.report();
    case 'POST /v1/heartbeat': {
      const { rollout, fence } = await body(request, heartbeatSchema);
      await proxy.heartbeat(rollout, fence);
      return {};
    }
    case 'POST /v1/drain': {
      const { sha, timeoutMs, copy } = await body(request, drainSchema);
      return { left: await proxy.drain(sha, timeoutMs, copy) };
    }
    case 'POST /v1/shutdown':
      proxy.shutdown();
      return {};
    default:
      throw new Refusal(404, 'unknown-request', 'no such control request');
  }
}

async function body<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > limits.controlBodyBytes) {
      throw new Refusal(413, 'too-large', `a body may have ${limits.controlBodyBytes} bytes`);
    }
    chunks.push(bytes);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refusal(400, 'bad-request', 'the body is not JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Refusal(
    400,
    'bad-request',
    `${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'is not valid'}`,
  );
}

function send(response: ServerResponse, status: number, value: unknown): void {
  if (response.destroyed) return;
  const text = JSON.stringify(value);
  response.shouldKeepAlive = false;
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}
