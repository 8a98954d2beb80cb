import http, { type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { answer } from './answers.ts';
import type { Copy } from './copies.ts';
import { framingOf, requestHeaders, responseHeaders } from './headers.ts';
import type { UnderWay } from './lane.ts';
import { limits, type Patience } from './limits.ts';
import { type Head, type Outgoing, sendPlain, type Teller } from './plain-request.ts';
import type { Side, Sides } from './sides.ts';

/** Methods whose repetition changes nothing (RFC 9110 9.2.2). */
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/**
 * One request on its way through. It finishes at the copy it began with, unless that copy never got it: then another copy of
 * the version is asked, and where none takes it, stable in the candidate's place; the candidate's failure counts all the same.
 */
export class Exchange implements UnderWay, Teller {
  private side: Side | null = null;
  private copy: Copy | null = null;
  private readonly tried: Copy[] = [];
  private outgoing: Outgoing | null = null;
  private incoming: Head | null = null;
  /** The first part of an answer, for as long as it may be all of it. */
  private held: Buffer | null = null;
  private passedOn = false;
  private settled = false;
  private timedOut = false;
  private reconnected = false;
  private movedOn = false;
  private repeated = false;
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
    const copy = side.copies.next();
    if (copy) this.send(side, copy, copy.agent);
  }

  get at(): string | undefined {
    return this.copy?.at;
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

  private send(side: Side, copy: Copy, agent: http.Agent | false): void {
    const { request } = this;
    const { host, port } = copy;
    const headers = requestHeaders(request, framingOf(request), copy.at);
    if (!headers) return answer(this.response, 400);
    if (agent && this.isPlain(request)) {
      this.sentTo(side, copy);
      this.sentAt = performance.now();
      const { method, url: path } = request;
      this.outgoing = sendPlain(agent, { host, port, method, path, headers }, this);
      return;
    }
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
    this.sentTo(side, copy);
    this.outgoing = outgoing;
    outgoing.maxHeadersCount = 0;
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

  private sentTo(side: Side, copy: Copy): void {
    this.side = side;
    this.copy = copy;
    this.tried.push(copy);
    side.lane.enter(this);
  }

  /** Most requests are, and those go the short way. */
  private isPlain(
    request: IncomingMessage,
  ): request is IncomingMessage & { method: 'GET' | 'HEAD'; url: string } {
    const { method, url = '' } = request;
    return (
      (method === 'GET' || method === 'HEAD') &&
      this.bodyless &&
      !this.expects &&
      url.startsWith('/') &&
      request.headers['content-length'] === undefined
    );
  }

  began(head: Head, resume: () => void): void {
    if (this.settled) return;
    this.incoming = head;
    if (this.writeHead(head)) this.response.on('drain', resume);
  }

  /** False where the answer's beginning is none that can be passed on; then the user has been told so. */
  private writeHead(head: Head): boolean {
    const headers = this.sides.marked(this.request, this.side, responseHeaders(head));
    try {
      this.response.writeHead(head.statusCode ?? 502, head.statusMessage, headers);
      return true;
    } catch {
      this.cutOff('its answer cannot be passed on');
      return false;
    }
  }

  part(chunk: Buffer): boolean {
    if (this.settled) return true;
    if (!this.passedOn && chunk.length <= limits.heldBytes) {
      // A small answer that is here as a whole goes out with its headers in one write; any other in a moment.
      this.passedOn = true;
      this.held = chunk;
      process.nextTick(() => this.passHeld());
      return true;
    }
    this.passedOn = true;
    this.passHeld();
    return this.response.write(chunk);
  }

  private passHeld(): void {
    const { held } = this;
    this.held = null;
    if (held && !this.response.destroyed) this.response.write(held);
  }

  ended(): void {
    if (this.settled) return;
    this.settle();
    const { incoming, held } = this;
    this.side?.lane.answered(this.request, incoming?.statusCode ?? 502, performance.now() - this.sentAt);
    this.held = null;
    // As a text of the headers' own encoding it is appended to them; every byte is a character there.
    if (held) this.response.end(held.toString('latin1'), 'latin1');
    else this.response.end();
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
    if (!this.writeHead(incoming)) return;
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

  lost(outgoing: Outgoing, error: NodeJS.ErrnoException): void {
    if (this.settled || (this.outgoing && outgoing !== this.outgoing)) {
      // The answer is out, but the client may still be sending a body nobody reads.
      this.request.unpipe().resume();
      return;
    }
    if (this.incoming) return this.cutOff(error.message);
    const { side, copy } = this;
    if (!side || !copy) return;
    side.lane.leave(this);
    if (error.code === 'UND_ERR_INVALID_ARG') {
      this.settled = true;
      return answer(this.response, 400);
    }
    const neverSent = error.syscall === 'connect' || error.code === 'ECONNREFUSED';
    const mayRepeat = this.bodyless && repeatable.has(this.request.method ?? '') && !this.timedOut;
    // A kept connection that was just being closed says nothing about the version: ask it again on a new one.
    if (mayRepeat && outgoing.reusedSocket && !this.reconnected && !neverSent) {
      this.reconnected = true;
      return this.send(side, copy, false);
    }
    if (neverSent) copy.refused();
    // A request that reached a copy and broke it could break the next ones too: it gets one more, not all.
    const other = neverSent || (mayRepeat && !this.repeated) ? side.copies.next(this.tried) : undefined;
    if (other && neverSent) side.lane.triedAround(`${copy.at}: ${error.message}`);
    else side.lane.failed(this.request, error.message);
    if (other) {
      this.repeated ||= !neverSent;
      return this.send(side, other, other.agent);
    }
    const next = this.sides.stable;
    const instead = next && next.lane !== side.lane ? next.copies.next() : undefined;
    if ((neverSent || mayRepeat) && !this.movedOn && next && instead) {
      this.movedOn = true;
      return this.send(next, instead, instead.agent);
    }
    this.settled = true;
    this.request.unpipe().resume();
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
