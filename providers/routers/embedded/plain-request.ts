import type http from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Client, type Dispatcher } from 'undici';
import { limits } from './limits.ts';

/** What the exchange needs of a request to a version, whoever sends it. */
export type Outgoing = Pick<http.ClientRequest, 'reusedSocket' | 'writableNeedDrain'> & {
  destroy(error?: Error): unknown;
};

/** The beginning of an answer, in the words of Node's own. */
export type Head = Pick<IncomingMessage, 'statusCode' | 'statusMessage' | 'rawHeaders'> & {
  headers: { connection?: string | undefined };
};

/** Whom a plain request tells how it goes; `part` says whether more may come at once, else `resume` is called. */
export interface Teller {
  began(head: Head, resume: () => void): void;
  part(chunk: Buffer): boolean;
  ended(): void;
  lost(outgoing: Outgoing, error: NodeJS.ErrnoException): void;
}

export interface Question {
  host: string;
  port: number;
  method: 'GET' | 'HEAD';
  path: string;
  /** Flat, as in `rawHeaders`. */
  headers: string[];
}

/** One connection that is kept, with one request at a time. */
interface Kept {
  client: Client;
  /** Whether an answer came over the connection that is open now. */
  used: boolean;
  idleSince: number;
}

/**
 * The connections to one address for requests without a body. undici's client speaks over them with Node's own HTTP parser
 * (llhttp), at a good half of what `http.request` costs. The one used last is used next, so the others grow idle and close.
 */
class PlainConnections {
  private readonly idle: Kept[] = [];

  take({ host, port }: Question): Kept {
    const kept = this.idle.pop();
    if (kept && performance.now() - kept.idleSince < limits.idleUpstreamMs) return kept;
    // The newest was idle for too long, so all were.
    if (kept) void kept.client.destroy();
    this.dropIdle();
    const client = new Client(`http://${host.includes(':') ? `[${host}]` : host}:${port}`, {
      pipelining: 1,
      // Silence is the exchange's to see.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: limits.idleUpstreamMs,
      keepAliveMaxTimeout: limits.idleUpstreamMs,
      maxHeaderSize: limits.responseHeaderBytes,
    });
    const fresh = { client, used: false, idleSince: 0 };
    client.on('disconnect', () => (fresh.used = false));
    return fresh;
  }

  giveBack(kept: Kept): void {
    kept.idleSince = performance.now();
    this.idle.push(kept);
  }

  dropIdle(): void {
    for (const kept of this.idle.splice(0)) void kept.client.destroy();
  }
}

const connections = new WeakMap<http.Agent, PlainConnections>();

/** Closes the idle connections that stand beside an agent's own. */
export function dropIdlePlain(agent: http.Agent): void {
  connections.get(agent)?.dropIdle();
}

/** Sends a request without a body over the kept connections that belong to `agent`; `teller` hears how it goes, once it is sent. */
export function sendPlain(agent: http.Agent, question: Question, teller: Teller): Outgoing {
  let mine = connections.get(agent);
  if (!mine) {
    mine = new PlainConnections();
    connections.set(agent, mine);
  }
  const request = new PlainRequest(mine, mine.take(question), teller);
  request.send(question);
  return request;
}

class PlainRequest implements Dispatcher.DispatchHandler, Outgoing {
  readonly reusedSocket: boolean;
  readonly writableNeedDrain = false;
  private abort: ((error?: Error) => void) | undefined;
  private destroyed: Error | undefined;
  private readonly connections: PlainConnections;
  private readonly kept: Kept;
  private readonly teller: Teller;

  constructor(connections: PlainConnections, kept: Kept, teller: Teller) {
    this.connections = connections;
    this.kept = kept;
    this.teller = teller;
    this.reusedSocket = kept.used;
  }

  send({ method, path, headers }: Question): void {
    this.kept.client.dispatch({ method, path, headers }, this);
  }

  destroy(error = new Error('no longer wanted')): void {
    this.destroyed = error;
    this.abort?.(error);
  }

  onConnect(abort: (error?: Error) => void): void {
    this.abort = abort;
    if (this.destroyed) abort(this.destroyed);
  }

  onHeaders(statusCode: number, raw: Buffer[], resume: () => void, statusMessage: string): boolean {
    // Others than 101, which nobody asked for, only say that an answer is being made.
    if (statusCode < 200) return true;
    const rawHeaders: string[] = [];
    let connection: string | undefined;
    for (let i = 0; i + 1 < raw.length; i += 2) {
      const name = raw[i]?.toString('latin1') ?? '';
      const value = raw[i + 1]?.toString('latin1') ?? '';
      rawHeaders.push(name, value);
      if (name.length === 10 && name.toLowerCase() === 'connection')
        connection = connection === undefined ? value : `${connection}, ${value}`;
    }
    this.teller.began({ statusCode, statusMessage, rawHeaders, headers: { connection } }, resume);
    return true;
  }

  onData(chunk: Buffer): boolean {
    return this.teller.part(chunk);
  }

  onComplete(): void {
    this.kept.used = true;
    this.connections.giveBack(this.kept);
    this.teller.ended();
  }

  onError(error: NodeJS.ErrnoException): void {
    void this.kept.client.destroy();
    if (error.code === 'UND_ERR_CONNECT_TIMEOUT') error.syscall = 'connect';
    this.teller.lost(this, error);
  }
}
