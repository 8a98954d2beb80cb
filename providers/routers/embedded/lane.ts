import type { IncomingMessage } from 'node:http';
import { bucketOf, latencyBounds, type Counts } from '../../../src/domain/sample.ts';
import type { SideRoutes } from '../../../src/domain/failing-routes.ts';
import { FailingClients } from './failing-clients.ts';
import { FailingRoutes } from './failing-routes.ts';
import { limits } from './limits.ts';

/** Something under way at a version; it is looked at now and then for signs of a stall. */
export interface UnderWay {
  /** The copy that has it, `host:port`. */
  readonly at: string | undefined;
  checkStall(now: number): void;
}

/**
 * One version behind the proxy: what it did since it came, and what it does now. A request is counted once, when
 * its end is known, so that errors and requests always belong together.
 */
export class Lane {
  readonly underWay = new Set<UnderWay>();
  private requests = 0;
  private readonly status: Counts['status'] = [0, 0, 0, 0, 0];
  private failures = 0;
  private failedClients = 0;
  private readonly latency = new Float64Array(latencyBounds.length + 1);
  private untold: { failures: number; why: string } | undefined;
  private waiting: { at: string | undefined; wake: () => void }[] = [];
  private readonly failing: FailingClients;
  private readonly failingRoutes = new FailingRoutes();

  /** `failing` is shared by the versions of a proxy: a client counts once for all of them. */
  constructor(failing = new FailingClients()) {
    this.failing = failing;
  }

  enter(one: UnderWay): void {
    this.underWay.add(one);
  }

  leave(one: UnderWay): void {
    this.underWay.delete(one);
    if (this.waiting.length === 0) return;
    const over = this.waiting.filter(({ at }) => this.left(at) === 0);
    this.waiting = this.waiting.filter((one) => !over.includes(one));
    for (const { wake } of over) wake();
  }

  /** How many are under way, at all copies or at one. */
  private left(at: string | undefined): number {
    if (at === undefined) return this.underWay.size;
    let left = 0;
    for (const one of this.underWay) if (one.at === at) left++;
    return left;
  }

  /** A whole answer to `request`, `ms` after it was sent on. */
  answered(request: IncomingMessage, status: number, ms: number): void {
    this.answeredInPart(request, status);
    const bucket = bucketOf(ms);
    this.latency[bucket] = (this.latency[bucket] ?? 0) + 1;
    if (ms > limits.slowMs) this.failingRoutes.slow(request);
  }

  /** An answer that began, and whose rest the user did not want: its time would say nothing. */
  answeredInPart(request: IncomingMessage, status: number): void {
    this.requests++;
    if (status >= 500) {
      this.status[4]++;
      this.countFailure(request);
    } else if (status >= 400) this.status[3]++;
    else if (status >= 300) this.status[2]++;
    else if (status >= 200) this.status[1]++;
    else this.status[0]++;
  }

  /** No answer, or half of one; `why` in a few words, for the log. */
  failed(request: IncomingMessage, why: string): void {
    this.requests++;
    this.failures++;
    this.countFailure(request);
    this.untold = { failures: (this.untold?.failures ?? 0) + 1, why };
  }

  /** A copy took no connection, and another one is asked instead: nobody failed, but the log should say so. */
  triedAround(why: string): void {
    this.untold = { failures: this.untold?.failures ?? 0, why };
  }

  /** The failures since this was last asked, and the last one's reason; undefined when there were none. */
  takeUntold(): { failures: number; why: string } | undefined {
    const { untold } = this;
    this.untold = undefined;
    return untold;
  }

  /** The user left before the version had its chance: counted, held against nobody. */
  abandoned(): void {
    this.requests++;
  }

  counts(): Counts {
    const latency: Record<string, number> = {};
    for (const [bucket, n] of this.latency.entries()) if (n > 0) latency[String(bucket)] = n;
    const { requests, failures, failedClients } = this;
    return { requests, status: [...this.status], failures, failedClients, latency };
  }

  routes(): SideRoutes {
    return { requests: this.requests, routes: this.failingRoutes.list() };
  }

  private countFailure(request: IncomingMessage): void {
    this.failingRoutes.failed(request);
    if (this.failing.counts(request)) this.failedClients++;
  }

  /** Resolves with how many are still under way, at all copies or at the one at `at`: 0 as soon as there are none, else after `timeoutMs`. */
  drained(timeoutMs: number, at?: string): Promise<number> {
    const left = this.left(at);
    if (left === 0 || timeoutMs === 0) return Promise.resolve(left);
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        resolve(this.left(at));
      };
      const timer = setTimeout(() => {
        this.waiting = this.waiting.filter((one) => one.wake !== wake);
        wake();
      }, timeoutMs);
      this.waiting.push({ at, wake });
    });
  }
}
