import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { probe } from '../../../providers/platforms/local/health.ts';
import { freePort } from '../../../providers/runtime/free-port.ts';
import { execWherePlain } from '../../../providers/runtime/spawn-detached.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return port;
}

describe('a health probe', () => {
  it.each([
    [200, true],
    [204, true],
    [302, false],
    [404, false],
    [503, false],
  ])('takes the answer %i for healthy: %s', async (status, healthy) => {
    const port = await serve((_, response) => response.writeHead(status, { location: '/' }).end());
    expect(await probe(port, '/')).toBe(healthy);
  });

  it('does not wait for a body that never ends', async () => {
    const port = await serve((_, response) => void response.writeHead(200).write('a'));
    expect(await probe(port, '/')).toBe(true);
  });

  it('fails where nothing listens, where the connection is cut, and for a path that cannot be asked', async () => {
    expect(await probe(await freePort(), '/')).toBe(false);
    expect(await probe(await serve((request) => void request.socket.destroy()), '/')).toBe(false);
    expect(await probe(await serve((_, response) => void response.end()), '/a b')).toBe(false);
  });

  it('gives up on an app that accepts and never answers', async () => {
    expect(await probe(await serve(() => undefined), '/')).toBe(false);
  });
});

describe('a start command', () => {
  it.each([
    ['node server.js --port=80', 'exec node server.js --port=80'],
    [`'/opt/my node/bin/node' "a b.js"`, `exec '/opt/my node/bin/node' "a b.js"`],
    ['npm start', 'exec npm start'],
  ])('%s becomes the process itself', (written, run) => {
    expect(execWherePlain(written)).toBe(run);
  });

  it.each([
    'npm run build && npm start',
    'PORT=1 node a.js',
    'cd app',
    '. ./env',
    'node a.js &',
    'node $FILE',
    'node a.js > log',
    'a\nb',
    '(node a.js)',
  ])('with shell syntax stays as it was written: %s', (written) => {
    expect(execWherePlain(written)).toBe(written);
  });
});
