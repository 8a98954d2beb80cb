export interface DeadManOptions {
  limitMs: number;
  /** Milliseconds of a clock that stands still while the machine sleeps. */
  now: () => number;
  /** Whether an unfinished rollout has traffic that could be taken back. */
  armed: () => boolean;
  stableHealthy: () => Promise<boolean>;
  takeBack: () => Promise<void>;
  log: (line: string) => void;
}

/** Returns a rollout's traffic to a healthy stable when its conductor has been silent for `limitMs` (DESIGN; REQUIREMENTS N4). */
export class DeadMan {
  private heardAt: number;
  private tickedAt: number;
  private looking = false;
  private readonly options: DeadManOptions;

  constructor(options: DeadManOptions) {
    this.options = options;
    this.heardAt = options.now();
    this.tickedAt = this.heardAt;
  }

  /** A sign of life. */
  heard(): void {
    this.heardAt = this.options.now();
  }

  /** Looks once; to be called a few times per limit. */
  async tick(): Promise<void> {
    const { now, armed, limitMs, stableHealthy, takeBack, log } = this.options;
    const at = now();
    // This process itself stood still: signs of life may wait unread, so they get their full time again.
    if (at - this.tickedAt > limitMs / 2) this.heardAt = at;
    this.tickedAt = at;
    if (this.looking || !armed() || at - this.heardAt < limitMs) return;
    this.looking = true;
    try {
      const healthy = await stableHealthy();
      // A sign of life that came during the probe counts.
      if (!armed() || now() - this.heardAt < limitMs) return;
      if (!healthy) {
        log('the conductor is silent, but stable is not healthy: traffic stays where it is');
        return;
      }
      await takeBack();
    } finally {
      this.looking = false;
    }
  }
}
