import type { HistoryRow } from '../../domain/memory.ts';
import type { Kept } from './columns.ts';
import { rowsOf } from './columns.ts';
import type { Entry } from './entries.ts';
import { compareIds } from '../layout.ts';
import type { Place } from './place.ts';

/** Looks of the history's folder that are remembered: so many may be archiving at once. */
const mostMarks = 64;

/** The rows that entries amount to, in the order of their ids. */
export class HistoryRows {
  #kept: Kept[] = [];
  readonly #marks = new Set<string>();
  /** Folders that hold no record, as of the last look through all. */
  unreadable: readonly string[] = [];

  get size(): number {
    return this.#kept.length;
  }

  /** Oldest first. */
  get kept(): readonly Kept[] {
    return this.#kept;
  }

  /** Newest first. */
  rows(): HistoryRow[] {
    const rows: HistoryRow[] = [];
    for (let i = this.#kept.length - 1; i >= 0; i -= 1) {
      const one = this.#kept[i];
      if (one) rows.push(one.row);
    }
    return rows;
  }

  get(id: string): Kept | undefined {
    const found = this.#kept[this.#placeOf(id)];
    return found?.row.id === id ? found : undefined;
  }

  /** Whether the index was complete when the folder looked so. */
  knows(mark: string): boolean {
    return this.#marks.has(mark);
  }

  get marks(): string[] {
    return [...this.#marks];
  }

  apply(entry: Entry): void {
    if ('folder' in entry && entry.folder !== undefined) this.#mark(entry.folder);
    switch (entry.kind) {
      case 'row': {
        const { facts: _, ...row } = entry.row;
        this.#put({ row, place: 'history' });
        return;
      }
      case 'rows':
        for (const kept of rowsOf(entry)) this.#put(kept);
        return;
      case 'moved':
        this.#move(entry.ids, entry.to);
        return;
      case 'gone': {
        const gone = new Set(entry.ids);
        this.#kept = this.#kept.filter(({ row }) => !gone.has(row.id));
        return;
      }
      case 'looked':
        this.unreadable = entry.unreadable ?? [];
        return;
      case 'begin':
      case 'facts':
        return;
      default:
        return entry satisfies never;
    }
  }

  #mark(mark: string): void {
    this.#marks.delete(mark);
    this.#marks.add(mark);
    for (const oldest of this.#marks) if (this.#marks.size > mostMarks) this.#marks.delete(oldest);
  }

  #move(ids: readonly string[], to: Place): void {
    for (const id of ids) {
      const found = this.get(id);
      if (found) found.place = to;
    }
  }

  #put(kept: Kept): void {
    const last = this.#kept.at(-1);
    if (!last || compareIds(last.row.id, kept.row.id) < 0) {
      this.#kept.push(kept);
      return;
    }
    const i = this.#placeOf(kept.row.id);
    this.#kept.splice(i, this.#kept[i]?.row.id === kept.row.id ? 1 : 0, kept);
  }

  /** Where the row of an id stands, or would. */
  #placeOf(id: string): number {
    let [from, to] = [0, this.#kept.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const at = this.#kept[middle]?.row.id ?? '';
      if (compareIds(at, id) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
