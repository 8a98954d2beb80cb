import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Route } from '../../src/ports/router.ts';

export interface Upstream {
  route: Route;
  /** Requests that arrived, newest last. */
  seen: IncomingMessage[];
  server: http.Server;
  /** Ends it at once, its connections too, as a kill would. */
  kill(): Promise<void>;
}

/** A real application on loopback; without a listener it answers its own name. */
export async function startUpstream(name: string, listener?: RequestListener, port = 0): Promise<Upstream> {
  const seen: IncomingMessage[] = [];
  const plain = (_: IncomingMessage, response: ServerResponse) => void response.end(name);
  const server = http.createServer((request, response) => {
    seen.push(request);
    (listener ?? plain)(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    route: { version: { sha: `${name}-sha`, name }, host: '127.0.0.1', port: address.port },
    seen,
    server,
    kill: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
