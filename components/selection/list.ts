import type { Feature } from '../../src/domain/feature.ts';
import { buckets } from '../../store/rows.ts';

/** A heading, or the row of the feature at `at`. */
export type Item = { head: string } | { at: number };

const groups = [
  ...buckets.map(([bucket, name]) => ({ name, has: (f: Feature) => !f.onBase && f.bucket === bucket })),
  { name: 'ON THE BASE ALREADY', has: (f: Feature) => f.onBase === true },
];

interface Group {
  name: string;
  from: number;
  to: number;
  ships: number;
}

/** The rows under their headings, as far as they are drawn. */
export interface Listed {
  /** Headings and rows together. */
  count: number;
  /** The place of a row among them. */
  placeOf: (row: number) => number;
  items: (from: number, to: number) => Item[];
}

const made = new WeakMap<readonly Feature[], { selected: ReadonlySet<string>; listed: Listed }>();

/** Puts the rows of the four buckets, and what the base holds, under their headings; made once for the same rows. */
export function listedUnderHeads(rows: readonly Feature[], selected: ReadonlySet<string>): Listed {
  const known = made.get(rows);
  if (known?.selected === selected) return known.listed;
  const found: Group[] = [];
  let at = 0;
  for (const { name, has } of groups) {
    const from = at;
    let ships = 0;
    for (let f = rows[at]; f && has(f); f = rows[at]) {
      if (selected.has(f.id)) ships += 1;
      at += 1;
    }
    if (at > from) found.push({ name, from, to: at, ships });
  }
  const placeOf = (row: number) => row + found.filter(({ from }) => from <= row).length;
  const listed: Listed = {
    count: rows.length + found.length,
    placeOf,
    items: (from, to) =>
      found.flatMap((group): Item[] => {
        const head = placeOf(group.from) - 1;
        const shown: Item[] = head >= from && head < to ? [{ head: headText(group) }] : [];
        const first = Math.max(group.from, group.from + from - head - 1);
        const last = Math.min(group.to, group.from + to - head - 1);
        for (let row = first; row < last; row += 1) shown.push({ at: row });
        return shown;
      }),
  };
  made.set(rows, { selected, listed });
  return listed;
}

function headText({ name, from, to, ships }: Group): string {
  return `${name} (${to - from})${ships > 0 ? ` · ${ships} selected` : ''}`;
}
