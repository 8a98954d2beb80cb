import type { Change, Course, Median, Share, Span } from '../../domain/analysis.ts';
import { fewestForRate } from '../../domain/analysis.ts';
import type { HistoryRow } from '../../domain/memory.ts';
import { differenceOf } from './intervals.ts';

const dayMs = 86_400_000;

/** Up to so many days are told day by day, up to so many weeks week by week; longer histories by the month. */
const longest = { days: 21, weeks: 60 };

/** The courses have about so many blocks, of at least five deployments. */
const mostBlocks = 20;
const smallestBlock = 5;

/** Days are told from when a deployment was asked for, in UTC, as its id is. */
const startOf = (row: HistoryRow): number => Date.parse(row.startedAt);

interface Measured<T> {
  /** What it comes to for these rows. */
  of: (rows: readonly HistoryRow[]) => T;
  compare: (before: T, after: T) => Change<T>['kind'];
}

/** How something went over time; `rows` oldest first, at least the ones that count. */
export function courseOf<T>(rows: readonly HistoryRow[], measured: Measured<T>): Course<T> {
  const unit = unitOf(rows);
  const perBlock = Math.max(smallestBlock, Math.ceil(rows.length / mostBlocks));
  const blocks: (Span & T)[] = [];
  for (let i = 0; i < rows.length; i += perBlock) {
    const block = rows.slice(i, i + perBlock);
    const [first, last] = [block[0], block.at(-1)];
    if (first && last)
      blocks.push({
        from: first.startedAt,
        to: new Date(startOf(last) + last.durationMs).toISOString(),
        ...measured.of(block),
      });
  }
  const half = Math.floor(rows.length / 2);
  const [before, after] = [measured.of(rows.slice(0, half)), measured.of(rows.slice(half))];
  return {
    unit,
    periods: periodsOf(rows, unit).map(({ rows: inside, ...span }) => ({ ...span, ...measured.of(inside) })),
    perBlock,
    blocks,
    all: measured.of(rows),
    change: { kind: measured.compare(before, after), before, after },
  };
}

/** Whether a share went up or down: only where the 90 % interval of the difference does not hold 0. */
export function shareChange(before: Share, after: Share): Change<Share>['kind'] {
  if (before.n < fewestForRate || after.n < fewestForRate) return 'too-little';
  const [low, high] = differenceOf(after, before, 1.645);
  return low > 0 ? 'up' : high < 0 ? 'down' : 'unclear';
}

/** Whether a median went up or down: only where the two intervals have nothing in common. */
export function medianChange(before: Median, after: Median): Change<Median>['kind'] {
  if (!before.interval || !after.interval) return 'too-little';
  if (after.interval[0] > before.interval[1]) return 'up';
  return after.interval[1] < before.interval[0] ? 'down' : 'unclear';
}

function unitOf(rows: readonly HistoryRow[]): Course<unknown>['unit'] {
  const [first, last] = [rows[0], rows.at(-1)];
  const days = first && last ? (startOf(last) - startOf(first)) / dayMs : 0;
  return days <= longest.days ? 'day' : days <= longest.weeks * 7 ? 'week' : 'month';
}

/** The calendar's spans from the first to the last row, those without any among them. */
function periodsOf(
  rows: readonly HistoryRow[],
  unit: Course<unknown>['unit'],
): (Span & { rows: HistoryRow[] })[] {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return [];
  const periods: (Span & { rows: HistoryRow[] })[] = [];
  let at = 0;
  for (let from = beginning(startOf(first), unit); from <= startOf(last); from = following(from, unit)) {
    const to = following(from, unit);
    const inside: HistoryRow[] = [];
    for (let row = rows[at]; row && startOf(row) < to; row = rows[at]) {
      inside.push(row);
      at += 1;
    }
    periods.push({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), rows: inside });
  }
  return periods;
}

/** The beginning of the day, the week (on its Monday) or the month that an instant lies in, UTC. */
function beginning(ms: number, unit: Course<unknown>['unit']): number {
  const at = new Date(ms);
  const day = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  if (unit === 'day') return day;
  return unit === 'week'
    ? day - ((at.getUTCDay() + 6) % 7) * dayMs
    : Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
}

function following(from: number, unit: Course<unknown>['unit']): number {
  if (unit === 'month') {
    const at = new Date(from);
    return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
  }
  return from + (unit === 'day' ? 1 : 7) * dayMs;
}
