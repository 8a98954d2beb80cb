import http, { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';
import { answer } from './answers.ts';
import { Exchange } from './exchange.ts';
import { framingOf, requestHeaders, responseHeaders } from './headers.ts';
import type { UnderWay } from './lane.ts';
import type { Sides } from './sides.ts';

/** An open tunnel never stalls: both ends may be silent as long as they like. */
const tunnelUnderWay = (): UnderWay => ({ checkStall: () => {} });

/**
 * Takes a request that asks for another protocol. A WebSocket becomes a tunnel once the version answered 101, never
 * before; any other protocol (h2c) is left out and the request served as plain HTTP, which RFC 9110 7.8 allows.
 */
export function takeUpgrade(request: IncomingMessage, duplex: Duplex, head: Buffer, sides: Sides): void {
  duplex.on('error', () => duplex.destroy());
  if (!(duplex instanceof Socket)) {
    duplex.destroy();
    return;
  }
  const socket = duplex;
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.on('finish', () => socket.end());
  // What follows the headers belongs to the new protocol, so a body cannot be told from it.
  if (framingOf(request) !== 'none') return answer(response, 501);
  if (request.headers.upgrade?.trim().toLowerCase() !== 'websocket') {
    new Exchange(request, response, sides, false).begin();
    return;
  }
  const side = sides.pick();
  if (!side) return answer(response, 503);
  const { host, port } = side.route;
  const headers = requestHeaders(request, 'none', `${host}:${port}`);
  if (!headers) return answer(response, 400);
  headers.push('Connection', 'Upgrade', 'Upgrade', 'websocket');
  const { lane } = side;
  const underWay = tunnelUnderWay();
  const startedAt = performance.now();
  let over = false;
  const finish = (count: () => void) => {
    if (over) return;
    over = true;
    lane.leave(underWay);
    count();
  };
  const outgoing = http.request({ host, port, agent: false, path: request.url, headers, setHost: false });
  lane.enter(underWay);
  socket.on('close', () => {
    finish(() => lane.abandoned());
    outgoing.destroy();
  });
  outgoing.on('error', () => {
    finish(() => lane.failed());
    answer(response, 502);
  });
  outgoing.on('response', (incoming) => {
    finish(() => lane.answeredInPart(incoming.statusCode ?? 502));
    response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, responseHeaders(incoming));
    incoming.on('error', () => socket.destroy());
    incoming.pipe(response);
  });
  outgoing.on('upgrade', (incoming, upstream, upstreamHead) => {
    lane.answered(101, performance.now() - startedAt);
    const switched = [...responseHeaders(incoming), 'Connection', 'Upgrade', 'Upgrade', 'websocket'];
    response.writeHead(101, incoming.statusMessage, switched);
    response.flushHeaders();
    response.detachSocket(socket);
    const close = () => {
      finish(() => {});
      socket.destroy();
      upstream.destroy();
    };
    for (const end of [socket, upstream]) end.on('error', close).on('close', close);
    if (head.length > 0) upstream.write(head);
    if (upstreamHead.length > 0) socket.write(upstreamHead);
    socket.pipe(upstream);
    upstream.pipe(socket);
  });
  outgoing.end();
}
