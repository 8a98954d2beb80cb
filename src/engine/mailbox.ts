/** Inputs waiting for the one loop that decides; whoever has one posts it. */
export class Mailbox<T> {
  #waiting: T[] = [];
  #wake: (() => void) | undefined;

  post(item: T): void {
    this.#waiting.push(item);
    this.#wake?.();
  }

  /** The oldest item; undefined when `pause` resolves first. */
  async next(pause: Promise<void>): Promise<T | undefined> {
    if (this.#waiting.length === 0) {
      const posted = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([posted, pause]);
      this.#wake = undefined;
    }
    return this.#waiting.shift();
  }
}
