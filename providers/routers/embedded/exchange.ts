import http, { type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { answer } from './answers.ts';
import { framingOf, requestHeaders, responseHeaders } from './headers.ts';
import type { UnderWay } from './lane.ts';
import { limits, type Patience } from './limits.ts';
import type { Side, Sides } from './sides.ts';

/** Methods whose repetition changes nothing (RFC 9110 9.2.2). */
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/**
 * One request on its way through. It finishes at the version it began with, unless that version never got it: then it
 * is tried once more, on stable where the candidate is gone, and the candidate's failure counts all the same.
 */
export class Exchange implements UnderWay {
  private side: Side | null = null;
  private outgoing: ClientRequest | null = null;
  private incoming: IncomingMessage | null = null;
  private settled = false;
  private timedOut = false;
  private reconnected = false;
  private movedOn = false;
  private readonly bodyless: boolean;
  private readonly arrivedAt = performance.now();
  private sentAt = 0;
  private heardBytes = 0;
  private heardAt = 0;

  private readonly request: IncomingMessage;
  private readonly response: ServerResponse;
  private readonly sides: Sides;
  /** The client waits for `100 Continue` before it sends its body. */
  private readonly expects: boolean;

  private readonly patience: Patience;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    sides: Sides,
    expects: boolean,
    patience: Patience,
  ) {
    this.request = request;
    this.response = response;
    this.sides = sides;
    this.expects = expects;
    this.patience = patience;
    this.bodyless = framingOf(request) === 'none';
  }

  begin(): void {
    if (framingOf(this.request) === 'unsupported') return answer(this.response, 501);
    const side = this.sides.pick(this.request);
    if (!side) return answer(this.response, 503);
    this.response.on('close', () => this.userLeft());
    this.send(side, side.agent);
  }

  checkStall(now: number): void {
    if (this.settled || this.incoming || !this.outgoing) return;
    if (this.bodyless || this.request.complete) {
      if (this.sentAt === 0) this.sentAt = now;
      if (now - this.sentAt > this.patience.answerMs) {
        this.timedOut = true;
        this.outgoing.destroy(new Error('no answer in time'));
      }
      return;
    }
    const heard = this.request.socket.bytesRead;
    if (heard !== this.heardBytes || this.outgoing.writableNeedDrain) {
      this.heardBytes = heard;
      this.heardAt = now;
    } else if (now - this.heardAt > this.patience.uploadStallMs) {
      this.settle();
      this.side?.lane.abandoned();
      this.outgoing.destroy();
      answer(this.response, 408);
    }
  }

  private send(side: Side, agent: http.Agent | false): void {
    const { request } = this;
    const { host, port } = side.route;
    const headers = requestHeaders(request, framingOf(request), `${host}:${port}`);
    if (!headers) return answer(this.response, 400);
    if (this.expects) headers.push('Expect', '100-continue');
    let outgoing: ClientRequest;
    try {
      outgoing = http.request({
        agent,
        host,
        port,
        method: request.method,
        path: request.url,
        headers,
        setHost: false,
        maxHeaderSize: limits.responseHeaderBytes,
      });
    } catch {
      return answer(this.response, 400);
    }
    this.side = side;
    this.outgoing = outgoing;
    outgoing.maxHeadersCount = 0;
    side.lane.enter(this);
    this.sentAt = this.bodyless ? performance.now() : 0;
    outgoing.on('response', (incoming) => this.relay(incoming));
    outgoing.on('error', (error) => this.lost(outgoing, error));
    if (this.bodyless) {
      outgoing.end();
      return;
    }
    if (this.expects) outgoing.on('continue', () => this.response.writeContinue());
    // The body leaves the client's connection only once there is one to put it on: until then another version can take it.
    outgoing.once('socket', (socket) => {
      const pump = () => {
        if (this.expects) outgoing.flushHeaders();
        request.pipe(outgoing);
      };
      if (socket.connecting) socket.once('connect', pump);
      else pump();
    });
  }

  private relay(incoming: IncomingMessage): void {
    if (this.settled) {
      incoming.resume();
      return;
    }
    this.incoming = incoming;
    const { response } = this;
    incoming.on('end', () => {
      if (this.settled) return;
      this.settle();
      const since = this.bodyless ? this.sentAt : this.arrivedAt;
      this.side?.lane.answered(this.request, incoming.statusCode ?? 502, performance.now() - since);
    });
    incoming.on('error', () => this.cutOff('it broke off in the middle of an answer'));
    incoming.on('close', () => this.cutOff('it broke off in the middle of an answer'));
    try {
      response.writeHead(
        incoming.statusCode ?? 502,
        incoming.statusMessage,
        this.sides.marked(this.request, this.side, responseHeaders(incoming)),
      );
    } catch {
      this.cutOff('its answer cannot be passed on');
      return;
    }
    incoming.pipe(response);
  }

  /** The version broke off in the middle of its answer: the user must not take the half for the whole. */
  private cutOff(why: string): void {
    if (this.settled) return;
    this.settle();
    this.side?.lane.failed(this.request, why);
    this.outgoing?.destroy();
    if (this.response.headersSent) this.response.destroy();
    else answer(this.response, 502);
  }

  private lost(outgoing: ClientRequest, error: NodeJS.ErrnoException): void {
    if (this.settled || outgoing !== this.outgoing) {
      // The answer is out, but the client may still be sending a body nobody reads.
      this.request.unpipe(outgoing).resume();
      return;
    }
    if (this.incoming) return this.cutOff(error.message);
    const { side } = this;
    if (!side) return;
    side.lane.leave(this);
    const neverSent = error.syscall === 'connect' || error.code === 'ECONNREFUSED';
    const mayRepeat = this.bodyless && repeatable.has(this.request.method ?? '') && !this.timedOut;
    // A kept connection that was just being closed says nothing about the version: ask it again on a new one.
    if (mayRepeat && outgoing.reusedSocket && !this.reconnected && !neverSent) {
      this.reconnected = true;
      return this.send(side, false);
    }
    side.lane.failed(this.request, error.message);
    const next = this.sides.stable;
    if ((neverSent || mayRepeat) && !this.movedOn && next && next !== side) {
      this.movedOn = true;
      return this.send(next, next.agent);
    }
    this.settled = true;
    this.request.unpipe(outgoing).resume();
    answer(this.response, this.timedOut ? 504 : 502);
  }

  private userLeft(): void {
    if (this.settled) return;
    const silent =
      this.sentAt > 0 && !this.incoming && performance.now() - this.sentAt > this.patience.patienceMs;
    this.settle();
    if (silent) this.side?.lane.failed(this.request, 'a user gave up on its silence');
    else if (this.incoming) this.side?.lane.answeredInPart(this.request, this.incoming.statusCode ?? 502);
    else this.side?.lane.abandoned();
    this.outgoing?.destroy();
  }

  private settle(): void {
    this.settled = true;
    this.side?.lane.leave(this);
  }
}
