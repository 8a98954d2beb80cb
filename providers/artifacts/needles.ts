/** Looks for texts in bytes that come in pieces, also where one lies across two of them. */
export class Needles {
  readonly #wanted: readonly Buffer[];
  readonly #longest: number;
  readonly found = new Set<number>();
  #end = Buffer.alloc(0);

  constructor(texts: readonly string[]) {
    this.#wanted = texts.map((text) => Buffer.from(text));
    this.#longest = Math.max(1, ...this.#wanted.map(({ length }) => length));
  }

  /** The next piece of the same file. */
  look(chunk: Buffer): void {
    const seam = Buffer.concat([this.#end, chunk.subarray(0, this.#longest)]);
    for (const [i, wanted] of this.#wanted.entries())
      if (seam.includes(wanted) || chunk.includes(wanted)) this.found.add(i);
    this.#end = Buffer.concat([this.#end, chunk.subarray(-this.#longest)]).subarray(-this.#longest);
  }

  /** What comes next is another file. */
  next(): void {
    this.#end = Buffer.alloc(0);
  }
}
