import http from 'node:http';
import type { Address } from '../../../src/ports/router.ts';
import { limits } from './limits.ts';
import { dropIdlePlain } from './plain-request.ts';

/** All of an agent's connections go to one address, so they need no name to be told apart. */
class UpstreamAgent extends http.Agent {
  override getName(): string {
    return 'upstream';
  }
}

/** One copy of a routed version: where it is, and its connections. */
export class Copy implements Address {
  readonly host: string;
  readonly port: number;
  /** `host:port`, by which its requests are told from those of other copies. */
  readonly at: string;
  readonly agent = new UpstreamAgent({
    keepAlive: true,
    timeout: limits.idleUpstreamMs,
    maxFreeSockets: 1024,
  });
  private refusedAt = Number.NEGATIVE_INFINITY;

  constructor({ host, port }: Address) {
    this.host = host;
    this.port = port;
    this.at = addressOf({ host, port });
  }

  /** It took no connection: others are asked first for a while. */
  refused(): void {
    this.refusedAt = performance.now();
  }

  /** Whether it took no connection a moment ago. */
  refusesNow(): boolean {
    return performance.now() - this.refusedAt < limits.avoidMs;
  }

  dropIdle(): void {
    dropIdlePlain(this.agent);
    for (const sockets of Object.values(this.agent.freeSockets))
      for (const socket of sockets ?? []) socket.destroy();
  }
}

/** The copies of one version, asked in turn. */
export class Copies {
  readonly all: readonly Copy[];
  private turn = 0;

  constructor(all: readonly Copy[]) {
    this.all = all;
  }

  /** The copy for the next request, one that refused lately only when no other is left; undefined when all were tried. */
  next(tried: readonly Copy[] = []): Copy | undefined {
    const { all } = this;
    let last: Copy | undefined;
    for (let i = 0; i < all.length; i++) {
      const at = (this.turn + i) % all.length;
      const copy = all[at];
      if (!copy || tried.includes(copy)) continue;
      if (all.length > 1 && copy.refusesNow()) {
        last ??= copy;
        continue;
      }
      this.turn = at + 1;
      return copy;
    }
    return last;
  }
}

/** An address as one word. */
export function addressOf({ host, port }: Address): string {
  return `${host}:${port}`;
}
