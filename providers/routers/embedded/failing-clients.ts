import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { limits } from './limits.ts';

/**
 * Tells a client's first failure from those that follow it, on whichever version: retries and bursts of one client are one
 * observation (REQUIREMENTS N3). Which version has the first is decided by the split alone, so counting it favours none.
 */
export class FailingClients {
  /** When each client's failure was last counted, the oldest first. */
  private readonly counted = new Map<string, number>();
  private readonly connections = new WeakMap<Socket, number>();
  private lastConnection = 0;
  private readonly now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /**
   * Whether this failure counts: the first of its client within `limits.oneClientMs`. With more than
   * `limits.failingClients` of them at once the others do not count; that many leave nothing in doubt.
   */
  counts(request: IncomingMessage): boolean {
    const now = this.now();
    for (const [client, at] of this.counted) {
      if (now - at < limits.oneClientMs) break;
      this.counted.delete(client);
    }
    const client = this.clientOf(request);
    if (this.counted.has(client) || this.counted.size >= limits.failingClients) return false;
    this.counted.set(client, now);
    return true;
  }

  /** The client a proxy in front names, else the connection: many people can share an address, but hardly a connection. */
  private clientOf(request: IncomingMessage): string {
    const forwarded = String(request.headers['x-forwarded-for'] ?? '')
      .split(',', 1)[0]
      ?.trim();
    if (forwarded) return forwarded.slice(0, 64);
    const known = this.connections.get(request.socket);
    if (known !== undefined) return `#${known}`;
    this.lastConnection += 1;
    this.connections.set(request.socket, this.lastConnection);
    return `#${this.lastConnection}`;
  }
}
