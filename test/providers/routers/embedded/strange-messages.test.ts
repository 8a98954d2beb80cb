import type { Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createPublicServer, listen } from '../../../../providers/routers/embedded/public-server.ts';
import { Sides } from '../../../../providers/routers/embedded/sides.ts';
import { emptyTable } from '../../../../providers/routers/embedded/table.ts';
import { ask, sendRaw } from '../../../harness/http.ts';

const version = { sha: 'a'.repeat(40), name: 'v1' };
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** The proxy in front of a version that says `reply` to whatever it hears. */
async function inFrontOf(reply: (socket: net.Socket) => void): Promise<{ port: number; sides: Sides }> {
  const upstream = net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => reply(socket));
  });
  await new Promise<void>((resolve) => void upstream.listen(0, '127.0.0.1', resolve));
  const sides = new Sides();
  const stable = { version, host: '127.0.0.1', port: (upstream.address() as AddressInfo).port };
  sides.use({ ...emptyTable, stable });
  const server: Server = createPublicServer(sides);
  await listen(server, 0, '127.0.0.1');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
    upstream.close();
  });
  return { port: (server.address() as AddressInfo).port, sides };
}

const well = (socket: net.Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
const failuresOf = (sides: Sides) => {
  const { failures, status } = sides.counts()[version.sha] ?? { failures: -1, status: [] };
  return failures + (status[4] ?? 0);
};
const knocking =
  'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n';

describe('a client', () => {
  it.each([
    ['Expect in HTTP/1.0', 'GET / HTTP/1.0\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n'],
    ['a Host that is none', 'GET / HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n'],
  ])('cannot have a failure counted against a version by %s', async (_, request) => {
    const { port, sides } = await inFrontOf(well);
    expect(await sendRaw(port, request)).toMatch(/^HTTP\/1.1 200 /);
    expect(failuresOf(sides)).toBe(0);
    expect(sides.lane(version.sha)?.underWay.size).toBe(0);
  });
});

describe('a version', () => {
  it.each([
    ['a plain request', 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['an upload', 'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx'],
  ])('that switches protocols at %s, unasked, has failed at once', async (_, request) => {
    const { port, sides } = await inFrontOf((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
    );
    expect(await sendRaw(port, request)).toMatch(/^HTTP\/1.1 502 /);
    expect(failuresOf(sides)).toBeGreaterThan(0);
    expect(sides.lane(version.sha)?.underWay.size).toBe(0);
  });

  it.each([
    ['a status that is none', 'HTTP/1.1 099 Hm\r\nContent-Length: 0\r\n\r\n'],
    ['control characters in its status', 'HTTP/1.1 200 O\u0001K\r\nContent-Length: 0\r\n\r\n'],
  ])('with %s has failed, and the user hears of it', async (_, answer) => {
    const { port, sides } = await inFrontOf((socket) => socket.end(answer));
    for (const request of [
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx',
      knocking,
    ])
      expect(await sendRaw(port, request)).toMatch(/^HTTP\/1.1 502 /);
    expect(failuresOf(sides)).toBe(3);
    expect(sides.lane(version.sha)?.underWay.size).toBe(0);
  });

  it('whose answer without a length is torn off has failed: the half is not passed on as the whole', async () => {
    const { port, sides } = await inFrontOf((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf', () =>
        setTimeout(() => socket.resetAndDestroy(), 50),
      );
    });
    await expect(ask({ port })).rejects.toThrow();
    expect(failuresOf(sides)).toBe(1);
  });

  it('whose answer without a length ends by closing has given it whole', async () => {
    const { port, sides } = await inFrontOf((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it'),
    );
    expect((await ask({ port })).text).toBe('all of it');
    expect(failuresOf(sides)).toBe(0);
  });
});
