import type { Course, Span } from '../../domain/analysis.ts';
import type { KnownRow } from './counting.ts';

const dayMs = 86_400_000;

/** Up to so many days are told day by day, up to so many weeks week by week; longer histories by the month. */
const longest = { days: 21, weeks: 60 };

/** The courses have about so many blocks, of at least five deployments. */
const mostBlocks = 20;
const smallestBlock = 5;

/** How something went over time, but for what may be said of its change. */
export type OpenCourse<T> = Omit<Course<T>, 'change'> & { before: T; after: T };

/**
 * How something went over time: `of` what it comes to for some rows; `rows` are the ones that count, oldest first. Days are told
 * from when a deployment was asked for, in UTC, as its id is.
 */
export function courseOf<T>(rows: readonly KnownRow[], of: (rows: readonly KnownRow[]) => T): OpenCourse<T> {
  const unit = unitOf(rows);
  const perBlock = Math.max(smallestBlock, Math.ceil(rows.length / mostBlocks));
  const blocks: (Span & T)[] = [];
  for (let i = 0; i < rows.length; i += perBlock) {
    const block = rows.slice(i, i + perBlock);
    const [first, last] = [block[0], block.at(-1)];
    if (first && last)
      blocks.push({
        from: first.startedAt,
        to: new Date(last.startMs + last.durationMs).toISOString(),
        ...of(block),
      });
  }
  const [older, newer] = halvesOf(rows);
  return {
    unit,
    periods: periodsOf(rows, unit).map(({ rows: inside, ...span }) => ({ ...span, ...of(inside) })),
    perBlock,
    blocks,
    all: of(rows),
    before: of(older),
    after: of(newer),
  };
}

/** The older half of rows and the newer one. */
export function halvesOf<T>(rows: readonly T[]): [T[], T[]] {
  const half = Math.floor(rows.length / 2);
  return [rows.slice(0, half), rows.slice(half)];
}

function unitOf(rows: readonly KnownRow[]): Course<unknown>['unit'] {
  const [first, last] = [rows[0], rows.at(-1)];
  const days = first && last ? (last.startMs - first.startMs) / dayMs : 0;
  return days <= longest.days ? 'day' : days <= longest.weeks * 7 ? 'week' : 'month';
}

/** The calendar's spans from the first to the last row, those without any among them. */
function periodsOf(
  rows: readonly KnownRow[],
  unit: Course<unknown>['unit'],
): (Span & { rows: KnownRow[] })[] {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return [];
  const periods: (Span & { rows: KnownRow[] })[] = [];
  let at = 0;
  for (let from = beginning(first.startMs, unit); from <= last.startMs; from = following(from, unit)) {
    const to = following(from, unit);
    const inside: KnownRow[] = [];
    for (let row = rows[at]; row && row.startMs < to; row = rows[at]) {
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
