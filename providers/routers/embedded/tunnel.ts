import http, { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';
import { answer } from './answers.ts';
import type { Copy } from './copies.ts';
import { Exchange } from './exchange.ts';
import { framingOf, requestHeaders, responseHeaders } from './headers.ts';
import type { UnderWay } from './lane.ts';
import type { Patience } from './limits.ts';
import type { Side, Sides } from './sides.ts';

/**
 * Takes a request that asks for another protocol. A WebSocket becomes a tunnel once the version answered 101, never
 * before; any other protocol (h2c) is left out and the request served as plain HTTP, which RFC 9110 7.8 allows.
 */
export function takeUpgrade(
  request: IncomingMessage,
  duplex: Duplex,
  head: Buffer,
  sides: Sides,
  patience: Patience,
): void {
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
    new Exchange(request, response, sides, false, patience).begin();
    return;
  }
  const side = sides.pick(request);
  if (!side) return answer(response, 503);
  openTunnel({ request, response, socket, head, sides, patience }, side, []);
}

interface Knock {
  request: IncomingMessage;
  response: ServerResponse;
  socket: Socket;
  head: Buffer;
  sides: Sides;
  patience: Patience;
}

/** Asks the next copy of `side` that was not tried; where all were, stable's. */
function openTunnel(knock: Knock, side: Side, tried: readonly Copy[]): void {
  const { request, response, socket, head, sides, patience } = knock;
  const { lane } = side;
  const copy = side.copies.next(tried);
  if (!copy) return answer(response, 502);
  const { host, port } = copy;
  const headers = requestHeaders(request, 'none', copy.at);
  if (!headers) return answer(response, 400);
  headers.push('Connection', 'Upgrade', 'Upgrade', 'websocket');
  const asking = quiet(copy);
  const tunnel = quiet(copy);
  const startedAt = performance.now();
  let counted = false;
  const count = (how: () => void) => {
    if (!counted) how();
    counted = true;
  };
  const outgoing = http.request({ host, port, agent: false, path: request.url, headers, setHost: false });
  outgoing.setTimeout(patience.answerMs, () => outgoing.destroy(new Error('no answer in time')));
  lane.enter(asking);
  const userLeft = () => {
    count(() => lane.abandoned());
    outgoing.destroy();
  };
  socket.on('close', userLeft);
  outgoing.on('close', () => lane.leave(asking));
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    socket.off('close', userLeft);
    const unreached = error.syscall === 'connect';
    if (unreached) copy.refused();
    const all = [...tried, copy];
    if (unreached && side.copies.next(all)) {
      count(() => lane.triedAround(`${copy.at}: ${error.message}`));
      return openTunnel(knock, side, all);
    }
    count(() => lane.failed(request, error.message));
    const next = sides.stable;
    if (unreached && next && next.lane !== lane) openTunnel(knock, next, all);
    else answer(response, 502);
  });
  outgoing.on('response', (incoming) => {
    count(() => lane.answeredInPart(request, incoming.statusCode ?? 502));
    response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, responseHeaders(incoming));
    incoming.on('error', () => socket.destroy());
    incoming.pipe(response);
  });
  outgoing.on('upgrade', (incoming, upstream, upstreamHead) => {
    count(() => lane.answered(request, 101, performance.now() - startedAt));
    if (upstream instanceof Socket) upstream.setTimeout(0);
    const switched = [...responseHeaders(incoming), 'Connection', 'Upgrade', 'Upgrade', 'websocket'];
    response.writeHead(101, incoming.statusMessage, switched);
    response.flushHeaders();
    response.detachSocket(socket);
    lane.enter(tunnel);
    const close = () => {
      lane.leave(tunnel);
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

/** Never stalls: the time-out of asking is the request's own, and both ends of a tunnel may be silent as long as they like. */
function quiet({ at }: Copy): UnderWay {
  return { at, checkStall: () => {} };
}
