import path from 'node:path';
import { disk } from '../../../providers/runtime/disk.ts';
import { ifMissing } from '../../../providers/runtime/errno.ts';
import { ifLockFree, LockLost, type Held } from '../../../providers/runtime/file-lock.ts';
import { messageOf } from '../../domain/errors.ts';
import type { DocumentContext } from '../json-document.ts';
import { parseJson } from '../../domain/parse-json.ts';
import type { Entry } from './entries.ts';
import type { HistoryIndex } from './history-index.ts';
import { broughtBy, further, totalsOf, totalsSchema, type Brought, type Totals } from './totals.ts';

/** So long one goes on counting for others that came meanwhile, in milliseconds; then the next that comes does, or who reads. */
const longestMs = 10;

/** The totals, and what was brought to environments since they were last kept; undefined where all was counted anew. */
export interface Counted {
  totals: Totals;
  brought: Brought[] | undefined;
}

export interface TotalsStore {
  /** What follows from all of the index now, without reading all of it; undefined where that cannot be told. */
  peek(): Promise<Counted | undefined>;
  /** The same, where need be counted anew; undefined where there is no index. `anew` says so: it is worth keeping. */
  read(): Promise<{ totals: Totals; anew: boolean } | undefined>;
  /**
   * Brings the totals, and with `publish` what follows from them, up to the index. Where somebody else does it already, it is
   * left to them: nobody waits in a queue. What a kill swallows is made up for by the next.
   */
  settle(publish: (counted: Counted) => Promise<void>): Promise<void>;
}

/** The totals in the index's folder. */
export function openTotals(index: HistoryIndex, context: DocumentContext): TotalsStore {
  const { files } = index;
  const file = path.join(files.folder, 'totals.json');
  const lock = path.join(files.folder, '.totals.lock');

  async function kept(): Promise<Totals | undefined> {
    const text = await disk.read(file).catch(ifMissing(undefined));
    // Written without waiting for the disk, and derived: what a power cut left of it is no damage.
    return text && totalsSchema.safeParse(parseJson(text.toString('utf8'))).data;
  }

  /** The place at the end of the index, and what was added since `from`; undefined where that cannot be told. */
  async function since(
    from: Totals['upTo'],
  ): Promise<{ entries: Entry[]; upTo: Totals['upTo'] } | undefined> {
    const entries: Entry[] = [];
    let upTo = from;
    for (let n = from.file; ; n += 1) {
      const found = await disk.stat(files.nameOf(n)).catch(ifMissing(undefined));
      if (!found) return n === from.file ? undefined : { entries, upTo };
      const begin = n === from.file ? from.bytes : 0;
      if (n === from.file && (String(found.ino) !== from.ino || found.size < BigInt(begin))) return undefined;
      const sealed = await disk.exists(files.nameOf(n + 1));
      const grown = sealed || found.size !== BigInt(begin);
      const read = grown ? await files.read(n, begin, 'rows', sealed) : undefined;
      if (read && read.bad > 0) return undefined;
      entries.push(...(read?.entries ?? []));
      upTo = { file: n, ino: String(found.ino), bytes: read?.end ?? begin };
      if (!sealed) return { entries, upTo };
    }
  }

  async function anew(): Promise<Counted | undefined> {
    const numbers = await files.numbers();
    const last = numbers.at(-1);
    if (last === undefined) return undefined;
    // Rows that are added while all are counted are counted twice or not at all, unless they are known by name: so the
    // place is from before, and what follows it is counted on top.
    const { ino } = await disk.stat(files.nameOf(last));
    const { end } = await files.read(last, 0, 'rows', false);
    const rows = await index.look();
    return {
      totals: totalsOf(rows, rows.marks, { file: last, ino: String(ino), bytes: end }),
      brought: undefined,
    };
  }

  async function counted(): Promise<Counted | undefined> {
    const before = await kept();
    const added = before && (await since(before.upTo));
    const totals = before && added && further(before, added.entries, added.upTo);
    return totals && { totals, brought: broughtBy(added.entries) };
  }

  const count = async () => (await counted()) ?? (await anew());

  async function round(held: Held, publish: (counted: Counted) => Promise<void>): Promise<void> {
    const ended = await index.end();
    const now = await count();
    if (!now) return;
    await publish(now);
    await held.write(file, `${JSON.stringify(now.totals)}\n`, { durable: false });
    if (ended !== undefined && now.totals.upTo.file > ended) await index.compact(ended);
  }

  async function isBehind(): Promise<boolean> {
    const before = await kept();
    if (!before) return (await files.numbers()).length > 0;
    const added = await since(before.upTo);
    return added === undefined || added.entries.length > 0;
  }

  return {
    peek: counted,
    async read() {
      const known = await counted();
      if (known && (await index.isComplete(known.totals.marks))) return { totals: known.totals, anew: false };
      const all = await anew();
      return all && { totals: all.totals, anew: true };
    },
    async settle(publish) {
      const until = performance.now() + longestMs;
      do {
        try {
          const done = await ifLockFree(lock, (held) => round(held, publish));
          if (!done || !(await isBehind())) return;
        } catch (error) {
          if (!(error instanceof LockLost)) throw error;
          context.warn(`the statistics are brought up to date later: ${messageOf(error)}`);
          return;
        }
      } while (performance.now() < until);
    },
  };
}
