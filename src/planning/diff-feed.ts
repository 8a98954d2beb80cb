import type { CommitDiff } from './diff.ts';

/** Diffs a process may be ahead of who reads them; beyond that it waits, so memory stays flat. */
const ahead = 512;

/** Reads a source ahead of who takes from it, up to `ahead` diffs. */
export class DiffFeed {
  private readonly ready: CommitDiff[] = [];
  private failure: { error: unknown } | undefined;
  private ended = false;
  private closed = false;
  private wake: () => void = () => undefined;
  private resume: () => void = () => undefined;
  private readonly pumping: Promise<void>;

  constructor(source: AsyncGenerator<CommitDiff>) {
    this.pumping = this.pump(source);
  }

  private async pump(source: AsyncGenerator<CommitDiff>): Promise<void> {
    try {
      for await (const diff of source) {
        this.ready.push(diff);
        this.wake();
        if (this.ready.length >= ahead && !this.closed)
          await new Promise<void>((resolve) => {
            this.resume = resolve;
          });
        if (this.closed) return;
      }
    } catch (error) {
      this.failure = { error };
    } finally {
      this.ended = true;
      this.wake();
    }
  }

  /** The next diff; undefined at the end. Throws what the source threw, after what it gave before. */
  async next(): Promise<CommitDiff | undefined> {
    while (this.ready.length === 0) {
      if (this.failure) throw this.failure.error;
      if (this.ended) return undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const diff = this.ready.shift();
    if (this.ready.length < ahead / 2) this.resume();
    return diff;
  }

  /** Stops the source; resolves when it has ended. */
  async close(): Promise<void> {
    this.closed = true;
    this.resume();
    await this.pumping;
  }
}
