import { disk } from '../../../providers/runtime/disk.ts';
import { hasCode } from '../../../providers/runtime/errno.ts';
import { HistoryRows } from './history-rows.ts';
import type { IndexFiles } from './index-files.ts';

interface Seen {
  ino: bigint;
  end: number;
  /** Nobody writes to it any more, and all of it was read. */
  closed: boolean;
}

/** The history index as this process knows it, brought up to date by reading what was added. */
export class IndexView {
  rows = new HistoryRows();
  /** Files with lines that something else changed. */
  readonly bad = new Set<number>();
  /** Whether a line was lost to a kill or a power cut: its deployment is found by looking through the folder. */
  torn = false;
  /** Whether the last line is not whole: cut off, or in the writing still. */
  open = false;
  readonly #files: IndexFiles;
  #seen = new Map<number, Seen>();

  constructor(files: IndexFiles) {
    this.#files = files;
  }

  /** Reads what is new; false where there is no index. A file that was replaced has all read again. */
  async refresh(): Promise<boolean> {
    const numbers = await this.#files.numbers();
    if ([...this.#seen.keys()].some((n) => !numbers.includes(n))) this.forget();
    for (const n of numbers) {
      const seen = this.#seen.get(n);
      if (seen?.closed) continue;
      try {
        if (await this.#readOn(n, seen, n !== numbers.at(-1))) continue;
      } catch (error) {
        // The whole memory was put elsewhere meanwhile.
        if (!hasCode(error, 'ENOENT')) throw error;
      }
      this.forget();
      return this.refresh();
    }
    return numbers.length > 0;
  }

  /** Begins anew with the next refresh. */
  forget(): void {
    this.rows = new HistoryRows();
    this.#seen = new Map();
    this.bad.clear();
    this.torn = false;
    this.open = false;
  }

  /** False when the file is another one than before. */
  async #readOn(n: number, seen: Seen | undefined, sealed: boolean): Promise<boolean> {
    const { ino, size } = await disk.stat(this.#files.nameOf(n));
    if (seen && seen.ino !== ino) return false;
    if (seen && !sealed && size === BigInt(seen.end)) return true;
    const { entries, end, torn, bad } = await this.#files.read(n, seen?.end ?? 0, 'rows', sealed);
    if ((await disk.stat(this.#files.nameOf(n))).ino !== ino) return false;
    for (const entry of entries) {
      try {
        this.rows.apply(entry);
      } catch {
        this.bad.add(n);
      }
    }
    if (bad > 0) this.bad.add(n);
    if (torn > 0) this.torn = true;
    if (!sealed) this.open = BigInt(end) < size;
    this.#seen.set(n, { ino, end, closed: sealed });
    return true;
  }
}
