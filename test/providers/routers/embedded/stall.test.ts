import type { AddressInfo } from 'node:net';
import http from 'node:http';
import net from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  createPublicServer,
  listen,
  sweepStalls,
} from '../../../../providers/routers/embedded/public-server.ts';
import { Sides } from '../../../../providers/routers/embedded/sides.ts';
import { emptyTable } from '../../../../providers/routers/embedded/table.ts';
import { ask, eventually } from '../../../harness/http.ts';
import { startUpstream, type Upstream } from '../../../harness/upstream.ts';

let app: Upstream;
let sides: Sides;
let server: http.Server;
let port: number;
const counts = () => sides.counts()['silent-sha'];

beforeEach(async () => {
  app = await startUpstream('silent', (request) => void request.resume());
  sides = new Sides();
  sides.use({ ...emptyTable, stable: app.route });
  server = createPublicServer(sides, { answerMs: 60_000, patienceMs: 0, uploadStallMs: 60_000 });
  await listen(server, 0, '127.0.0.1');
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await app.kill();
});

it('answers 504 when a version is silent for a minute, and counts its failure', async () => {
  const answer = ask({ port });
  await eventually(() => app.seen.length === 1, 'the request arrived');
  sweepStalls(sides, performance.now() + 59_000);
  expect(counts()?.failures).toBe(0);
  sweepStalls(sides, performance.now() + 61_000);
  expect((await answer).status).toBe(504);
  expect(counts()).toMatchObject({ requests: 1, failures: 1 });
});

it('gives a silent version its minute from the end of the body, however long that took', async () => {
  const answer = ask({ port, method: 'POST', body: 'order' });
  await eventually(() => app.seen.length === 1 && app.seen[0]?.complete === true, 'the request arrived');
  const now = performance.now();
  sweepStalls(sides, now + 200_000);
  expect(counts()?.failures).toBe(0);
  sweepStalls(sides, now + 261_000);
  expect((await answer).status).toBe(504);
});

it('counts it against the version when a user gives up on its silence', async () => {
  const socket = net.connect({ port, host: '127.0.0.1' });
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await eventually(() => app.seen.length === 1, 'the request arrived');
  socket.destroy();
  await eventually(() => counts()?.requests === 1, 'it was counted');
  expect(counts()?.failures).toBe(1);
});

it('answers 408 to a body that stops coming, and holds it against nobody', async () => {
  let received = '';
  const socket = net.connect({ port, host: '127.0.0.1' });
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345');
  await eventually(() => app.seen.length === 1, 'the request arrived');
  const now = performance.now();
  sweepStalls(sides, now);
  socket.write('6');
  await eventually(() => (app.seen[0]?.socket.bytesRead ?? 0) > 0, 'more of the body came');
  sweepStalls(sides, now + 30_000);
  sweepStalls(sides, now + 59_000);
  expect(received).toBe('');
  sweepStalls(sides, now + 91_000);
  await eventually(() => received.startsWith('HTTP/1.1 408 '), 'the user was told');
  expect(counts()).toMatchObject({ requests: 1, failures: 0 });
  socket.destroy();
});
