import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import http, { type RequestListener } from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ask, eventually, sendRaw, startLoad } from '../../../harness/http.ts';
import { type EmbeddedUnderTest, openEmbedded } from '../../../harness/embedded-router.ts';
import { startUpstream, type Upstream } from '../../../harness/upstream.ts';

let under: EmbeddedUnderTest;
let app: Upstream;
let fence = 1;
let started = 0;

beforeAll(async () => {
  under = await openEmbedded();
  await under.router.ensure(under);
});
afterAll(() => under.close());
afterEach(() => app.kill());

async function serve(listener?: RequestListener): Promise<void> {
  // A version of its own for each test, so that its counts begin at zero.
  app = await startUpstream(`app${++started}`, listener);
  await under.router.change('shop', {
    stable: app.route,
    candidate: null,
    weight: 0,
    rollout: null,
    fence: fence++,
  });
}
const counts = async () => (await under.metrics.read('shop')).get(app.route.version.sha);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const echo: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => response.end(Buffer.concat(chunks)));
};

it('carries large bodies both ways unchanged, with a length and chunked', async () => {
  await serve(echo);
  const body = randomBytes(20 * 1024 * 1024);
  const sized = await ask({
    port: under.port,
    method: 'POST',
    headers: { 'Content-Length': body.length },
    body,
  });
  expect(sha256(sized.body)).toBe(sha256(body));
  const chunked = await ask({
    port: under.port,
    method: 'PUT',
    headers: { 'Transfer-Encoding': 'chunked' },
    body,
  });
  expect(sha256(chunked.body)).toBe(sha256(body));
});

it('keeps the memory of a slow reader small: the version waits, and the whole body arrives', async () => {
  const body = randomBytes(32 * 1024 * 1024);
  let handedOver = false;
  await serve((_, response) => {
    response.end(body, () => {
      handedOver = true;
    });
  });
  const received = await new Promise<Buffer>((resolve, reject) => {
    http.get({ host: '127.0.0.1', port: under.port, agent: false }, (response) => {
      response.pause();
      setTimeout(() => {
        // Sockets hold a few megabytes; had the proxy read on, the version would be rid of all of it by now.
        expect(handedOver).toBe(false);
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks)));
        response.on('error', reject);
        response.resume();
      }, 400);
    });
  });
  expect(sha256(received)).toBe(sha256(body));
});

it('streams: the first bytes reach the user before the version has finished', async () => {
  let finish = () => {};
  await serve((_, response) => {
    response.write('first');
    finish = () => void response.end('last');
  });
  const text = await new Promise<string>((resolve) => {
    http.get({ host: '127.0.0.1', port: under.port, agent: false }, (response) => {
      let all = '';
      response.on('data', (chunk: Buffer) => {
        all += chunk.toString();
        if (all === 'first') finish();
      });
      response.on('end', () => resolve(all));
    });
  });
  expect(text).toBe('firstlast');
});

it('hands on the answers that have no body as they are', async () => {
  await serve((request, response) => {
    if (request.url === '/204') response.writeHead(204).end();
    else if (request.url === '/304') response.writeHead(304, { ETag: '"a"' }).end();
    else
      response.writeHead(200, { 'Content-Length': '5' }).end(request.method === 'HEAD' ? undefined : 'hello');
  });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const head = await ask({ port: under.port, method: 'HEAD', agent });
  expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', '5']);
  const empty = await ask({ port: under.port, path: '/204', agent });
  expect([empty.status, empty.text, empty.headers['content-length']]).toEqual([204, '', undefined]);
  const same = await ask({ port: under.port, path: '/304', agent });
  expect([same.status, same.text, same.headers.etag]).toEqual([304, '', '"a"']);
  expect((await ask({ port: under.port, agent })).text).toBe('hello');
  agent.destroy();
});

it('keeps headers in spelling, order and number, and adds where the request came from', async () => {
  await serve((_, response) => {
    response.writeHead(200, [
      'X-One',
      'a',
      'Set-Cookie',
      'a=1',
      'Set-Cookie',
      'b=2',
      'Connection',
      'X-Hop',
      'X-Hop',
      'h',
    ]);
    response.end();
  });
  const answer = await ask({
    port: under.port,
    headers: [
      'Host: shop.example',
      'X-MiXed: 1',
      'X-MiXed: 2',
      'Connection: close, X-Secret, Host',
      'X-Secret: s',
      'Keep-Alive: timeout=9',
      'TE: trailers',
      'X-Forwarded-For: 10.0.0.9',
    ].flatMap((line) => line.split(': ')),
  });
  expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
  expect(answer.rawHeaders).not.toContain('X-Hop');
  const [request] = app.seen;
  expect(request?.rawHeaders.join('|')).toContain('X-MiXed|1|X-MiXed|2');
  expect(request?.headers).toMatchObject({
    host: 'shop.example',
    'x-forwarded-for': '10.0.0.9, 127.0.0.1',
    'x-forwarded-host': 'shop.example',
    'x-forwarded-proto': 'http',
  });
  for (const name of ['x-secret', 'keep-alive', 'te']) expect(request?.headers).not.toHaveProperty(name);
});

it('frames a body under any method, so that none can pass for a second request', async () => {
  await serve(echo);
  const inner = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
  const chunk = `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`;
  for (const method of ['DELETE', 'GET', 'OPTIONS', 'POST']) {
    const answer = await sendRaw(
      under.port,
      `${method} / HTTP/1.1\r\nHost: x\r\nConnection: close, Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
    );
    expect(answer).toContain('200 OK');
    const sized = await sendRaw(
      under.port,
      `${method} / HTTP/1.1\r\nHost: x\r\nConnection: close, Content-Length\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
    );
    expect(sized).toContain(inner);
  }
  expect(app.seen.map((request) => request.url)).toEqual(Array.from({ length: 8 }, () => '/'));
});

it.each([
  ['both a length and chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'],
  ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n', 'abcde'],
  ['a coding beyond chunked', 'Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'],
  ['two hosts', 'Host: y\r\n', ''],
  ['a space before the colon', 'Content-Length : 4\r\n', 'abcd'],
  ['a folded header', 'X-A: b\r\n c: d\r\nTransfer-Encoding:\r\n chunked\r\n', '0\r\n\r\n'],
  ['a bare CR in a value', 'X-A: b\rTransfer-Encoding: chunked\r\n', ''],
  ['a NUL in a value', 'X-A: b\0c\r\n', ''],
])('refuses a request with %s, and the version never sees it', async (_, headers, body) => {
  await serve(echo);
  const answer = await sendRaw(
    under.port,
    `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n${body}`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 (400|501) /);
  expect(app.seen).toHaveLength(0);
});

it('refuses headers beyond 32 kB, and passes many small ones whole', async () => {
  await serve();
  const big = await sendRaw(
    under.port,
    `GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-A: ${'a'.repeat(33_000)}\r\n\r\n`,
  );
  expect(big).toMatch(/^HTTP\/1\.1 431 /);
  app.server.maxHeadersCount = 0;
  const many = Array.from({ length: 1200 }, (_, i) => [`X-${i}`, 'v']).flat();
  await ask({ port: under.port, headers: ['Host', 'x', ...many] });
  expect(app.seen.at(-1)?.rawHeaders.filter((name) => name.startsWith('X-')).length).toBeGreaterThanOrEqual(
    1200,
  );
});

it('lets the version decide about `Expect: 100-continue`', async () => {
  await serve();
  const asked: string[] = [];
  app.server.on('checkContinue', (request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/refuse') {
      response.writeHead(413, { Connection: 'close' }).end('too much');
      return;
    }
    response.writeContinue();
    echo(request, response);
  });
  const go = (path: string) =>
    new Promise<string>((resolve, reject) => {
      let continued = 'not continued';
      const headers = { Expect: '100-continue', 'Content-Length': '4' };
      const request = http.request(
        { host: '127.0.0.1', port: under.port, path, method: 'POST', headers, agent: false },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => resolve(`${continued} ${response.statusCode} ${text}`));
        },
      );
      request.on('continue', () => {
        continued = 'continued';
        request.end('body');
      });
      request.on('error', reject);
      request.flushHeaders();
    });
  expect(await go('/take')).toBe('continued 200 body');
  expect(await go('/refuse')).toBe('not continued 413 too much');
  expect(asked).toEqual(['/take', '/refuse']);
});

it('ends the request at the version when the user leaves, and blames nobody', async () => {
  let gone = false;
  await serve((request) => {
    request.socket.on('close', () => {
      gone = true;
    });
  });
  const socket = net.connect({ port: under.port, host: '127.0.0.1' });
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await eventually(() => app.seen.length === 1, 'the request arrived');
  socket.destroy();
  await eventually(() => gone, 'the version was told');
  await eventually(async () => (await counts())?.requests === 1, 'it was counted');
  expect(await counts()).toMatchObject({ failures: 0, status: [0, 0, 0, 0, 0] });
});

it('does not fail users when the version closes connections that were kept alive', async () => {
  let served = 0;
  await serve((request, response) => {
    // Every tenth answer promises to keep the connection, and then resets it.
    if (++served % 10 === 0)
      response.on('finish', () => setImmediate(() => request.socket.resetAndDestroy()));
    response.end('kept');
  });
  const tally = await startLoad(under.port, 4, 2_000).stop();
  expect([...tally]).toEqual([['200 kept', 2_000]]);
});

it('answers 502 in plain words when the version is gone, and counts it', async () => {
  await serve();
  await app.kill();
  const answer = await ask({ port: under.port });
  expect([answer.status, answer.text]).toEqual([502, 'The version that serves did not answer.\n']);
  expect(answer.headers).not.toHaveProperty('server');
  expect(await counts()).toMatchObject({ requests: 1, failures: 1 });
});

it('hands a body to stable when the candidate cannot be reached at all', async () => {
  await serve(echo);
  const dead = await startUpstream('dead');
  await dead.kill();
  await under.router.change('shop', {
    stable: app.route,
    candidate: dead.route,
    weight: 100,
    rollout: null,
    fence: fence++,
  });
  const body = randomBytes(300_000);
  const answer = await ask({
    port: under.port,
    method: 'POST',
    headers: { 'Content-Length': body.length },
    body,
  });
  expect([answer.status, sha256(answer.body)]).toEqual([200, sha256(body)]);
  expect((await under.metrics.read('shop')).get('dead-sha')).toMatchObject({ requests: 1, failures: 1 });
});

it('waits for a version that takes its time', async () => {
  await serve((_, response) => void setTimeout(() => response.end('late'), 1_500));
  expect((await ask({ port: under.port })).text).toBe('late');
});

it('writes into its log why a version failed its users', async () => {
  await serve();
  await app.kill();
  await ask({ port: under.port });
  const said = `version ${app.route.version.sha}: 1 failed, the last because connect ECONNREFUSED`;
  await eventually(
    async () => (await readFile(path.join(under.folder, 'proxy.log'), 'utf8')).includes(said),
    'the log says it',
  );
});

it('never repeats a request whose body the version may have read', async () => {
  await serve((request) => {
    request.on('data', () => request.socket.resetAndDestroy());
  });
  const answer = await ask({ port: under.port, method: 'POST', body: 'order' });
  expect(answer.status).toBe(502);
  expect(app.seen).toHaveLength(1);
});

it('tunnels a WebSocket once the version agrees', async () => {
  await serve();
  app.server.on('upgrade', (_, socket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-A: b\r\n\r\n',
    );
    socket.on('end', () => socket.end());
    socket.on('data', (data: Buffer) => socket.write(`echo:${data.toString()}`));
  });
  const received = await sendRaw(
    under.port,
    'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhi there',
    'echo:hi there',
  );
  expect(received).toMatch(/^HTTP\/1\.1 101 /);
  expect(received).toContain('X-A: b');
  expect(received).toContain('echo:hi there');
});

it('keeps a refused WebSocket an ordinary answer: what follows is no tunnel', async () => {
  await serve((_, response) => void response.writeHead(403).end('no'));
  const inner = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
  const received = await sendRaw(
    under.port,
    `GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n${inner}`,
  );
  expect(received).toMatch(/^HTTP\/1\.1 403 /);
  expect(app.seen.map((request) => request.url)).toEqual(['/ws']);
});

it('serves a request that offers h2c as plain HTTP', async () => {
  await serve();
  const received = await sendRaw(
    under.port,
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n',
  );
  expect(received).toMatch(/^HTTP\/1\.1 200 [^]*app\d+$/);
  expect(app.seen[0]?.headers).not.toHaveProperty('upgrade');
});

it('answers one after another on a connection that sends ahead', async () => {
  await serve((request, response) => void response.end(`[${request.url}]`));
  const received = await sendRaw(
    under.port,
    'GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  );
  expect(received.match(/\[\/\d\]/g)).toEqual(['[/1]', '[/2]', '[/3]']);
});

it('serves a client of HTTP/1.0', async () => {
  await serve((_, response) => {
    response.write('a');
    response.end('b');
  });
  const received = await sendRaw(under.port, 'GET / HTTP/1.0\r\n\r\n');
  expect(received).toMatch(/\r\n\r\nab$/);
});

it('closes the version’s end of a WebSocket when the user’s end closes', async () => {
  await serve();
  let closed = false;
  app.server.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.on('end', () => {
      closed = true;
      socket.end();
    });
    socket.resume();
  });
  const request = 'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
  await sendRaw(under.port, request, '\r\n\r\n');
  await eventually(() => closed, 'the version was told');
  expect(await under.router.drain('shop', app.route.version.sha, 1_000)).toBe(0);
  expect(await counts()).toMatchObject({ requests: 1, status: [1, 0, 0, 0, 0], failures: 0 });
});

it('opens a WebSocket on stable when the candidate cannot be reached', async () => {
  await serve();
  app.server.on('upgrade', (_, socket) => {
    socket.on('end', () => socket.end()).resume();
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  });
  const dead = await startUpstream('dead');
  await dead.kill();
  const change = { stable: app.route, candidate: dead.route, weight: 100, rollout: null, fence: fence++ };
  await under.router.change('shop', change);
  const request = 'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
  expect(await sendRaw(under.port, request, '\r\n\r\n')).toMatch(/^HTTP\/1\.1 101 /);
  expect((await under.metrics.read('shop')).get('dead-sha')).toMatchObject({ requests: 1, failures: 1 });
});
