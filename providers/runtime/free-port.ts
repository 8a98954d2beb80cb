import { createServer } from 'node:net';

/** The port that could be had; undefined when `port` is taken. 0 asks the system for any. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === 'object' ? address.port : undefined));
    });
  });
}

/** A port of 127.0.0.1 that is free now. Another may take it before it is used: be ready to ask again. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error('the system gave no port on 127.0.0.1');
  return port;
}

/**
 * A port of 127.0.0.1 that nobody listens on: `preferred` if it can be had, else one below those the system hands out
 * to clients, so that no outgoing connection takes it before its server does. Throws when twenty tries find none.
 */
export async function freeServerPort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await listenOnce(preferred))) return preferred;
  for (let i = 0; i < 20; i += 1) {
    const port = await listenOnce(20_000 + Math.floor(Math.random() * 10_000));
    if (port !== undefined) return port;
  }
  throw new Error('no free port was found between 20000 and 30000 on 127.0.0.1');
}
