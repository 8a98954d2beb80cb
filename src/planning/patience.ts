/** Waits shorter than this, in ms, are what any git process takes, and cost no patience. */
const shortWait = 250;

/** Thrown in place of what was waited for. */
export class OutOfPatience extends Error {}

/**
 * How long git may be waited for altogether. Its histogram diff, which its merges use too and which therefore says best
 * what will conflict, takes time in the square of the hunks of a file: a file with 200,000 of them keeps it for hours.
 */
export class Patience {
  /** `left`: ms of long waits. */
  constructor(private left: number) {}

  /** What `promise` gives; rejects with `OutOfPatience` when that takes too long, and the promise then goes on. */
  async wait<T>(promise: Promise<T>): Promise<T> {
    const start = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      // What has arrived while this process was busy itself is seen first.
      timer = setTimeout(() => setImmediate(() => reject(new OutOfPatience())), shortWait + this.left);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
      const waited = performance.now() - start;
      if (waited > shortWait) this.left = Math.max(0, this.left - waited);
    }
  }
}
