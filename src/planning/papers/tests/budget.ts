import type { Html } from '../../../domain/html.ts';

/** What is left of the bytes that a part of a page may take, so that it opens at once however much there is to say. */
export class Budget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Takes the piece if it still has room; from the first that has none on, none has. */
  has(piece: Html): boolean {
    this.#left = this.#left <= 0 ? 0 : this.#left - Buffer.byteLength(piece.text);
    return this.#left > 0;
  }
}
