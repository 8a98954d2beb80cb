import http, { type Server } from 'node:http';
import { Exchange } from './exchange.ts';
import { limits, type Patience } from './limits.ts';
import type { Sides } from './sides.ts';
import { takeUpgrade } from './tunnel.ts';

/** The server that users reach, not yet listening. */
export function createPublicServer(sides: Sides, patience: Patience = limits): Server {
  const server = http.createServer({
    maxHeaderSize: limits.requestHeaderBytes,
    keepAliveTimeout: limits.idleClientMs,
    // A body may take as long as it moves; stalls are the exchange's to see.
    requestTimeout: 0,
  });
  // Node would drop the headers past its limit without a word; the size limit above bounds them anyway.
  server.maxHeadersCount = 0;
  server.on('request', (request, response) =>
    new Exchange(request, response, sides, false, patience).begin(),
  );
  server.on('checkContinue', (request, response) =>
    new Exchange(request, response, sides, true, patience).begin(),
  );
  server.on('upgrade', (request, socket, head) => takeUpgrade(request, socket, head, sides, patience));
  return server;
}

/** Looks once for requests that stall; to be called every second or so with `performance.now()`. */
export function sweepStalls(sides: Sides, now: number): void {
  for (const [, lane] of sides.allLanes()) for (const one of lane.underWay) one.checkStall(now);
}

/** Resolves once `server` listens; rejects with the system's error. */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Takes no new connections and resolves when the last request under way has ended, or was cut after `graceMs`. */
export async function closeGently(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  // A connection kept alive turns idle when its request ends; nobody else would close it then.
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  let late: NodeJS.Timeout | undefined;
  const cut = new Promise<void>((resolve) => {
    late = setTimeout(resolve, graceMs);
  });
  server.closeIdleConnections();
  await Promise.race([closed, cut]);
  clearTimeout(late);
  clearInterval(sweep);
  server.closeAllConnections();
}
