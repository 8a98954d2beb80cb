/** What the load generator writes down each second; counts since it started, and of the last second. */
export interface LoadStats {
  pid: number;
  startTime: string;
  url: string;
  rate: number;
  startedAt: string;
  at: string;
  sent: number;
  answered: number;
  /** 5xx answers, and requests that got none: refused, reset, timed out. */
  failed: number;
  byStatus: Record<string, number>;
  lastSecond: { sent: number; failed: number; p95Ms: number | null };
  lastFailure: string | null;
}

/** Counts requests; `second()` closes the present second and gives the numbers. */
export class Tally {
  #sent = 0;
  #answered = 0;
  #failed = 0;
  readonly #byStatus = new Map<number, number>();
  #second = { sent: 0, failed: 0, latencies: new Array<number>() };
  #lastFailure: string | null = null;

  sent(): void {
    this.#sent += 1;
    this.#second.sent += 1;
  }

  answered(path: string, status: number, ms: number): void {
    this.#answered += 1;
    this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1);
    this.#second.latencies.push(ms);
    if (status >= 500) this.#fail(`${path}: ${status}`);
  }

  failed(path: string, reason: string): void {
    this.#fail(`${path}: ${reason}`);
  }

  #fail(what: string): void {
    this.#failed += 1;
    this.#second.failed += 1;
    this.#lastFailure = what;
  }

  second(): Pick<LoadStats, 'sent' | 'answered' | 'failed' | 'byStatus' | 'lastSecond' | 'lastFailure'> {
    const { sent, failed, latencies } = this.#second;
    this.#second = { sent: 0, failed: 0, latencies: [] };
    latencies.sort((a, b) => a - b);
    const p95 = latencies[Math.ceil(latencies.length * 0.95) - 1];
    return {
      sent: this.#sent,
      answered: this.#answered,
      failed: this.#failed,
      byStatus: Object.fromEntries([...this.#byStatus].sort(([a], [b]) => a - b)),
      lastSecond: { sent, failed, p95Ms: p95 === undefined ? null : Math.round(p95 * 10) / 10 },
      lastFailure: this.#lastFailure,
    };
  }
}
