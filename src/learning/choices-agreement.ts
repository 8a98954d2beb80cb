import type { Agreement } from '../domain/analysis.ts';
import { wilson } from '../domain/interval.ts';
import type { HistoryRow } from '../domain/memory.ts';
import { probablyChance } from '../domain/rank-sum.ts';

/** A trend is told where chance alone would make it as great once in so many histories. */
const once = 1 / 20;

/** So many deployments of each half are compared, spread evenly over it: more would only take longer. */
const mostCompared = 2000;

type Row = Pick<HistoryRow, 'id' | 'startedAt' | 'facts'>;

interface Told {
  startedAt: string;
  agreed: number;
  of: number;
}

/**
 * How far what was chosen was what was advised (REQUIREMENTS M7): of the features that were advised or chosen, those that were
 * both. Features of one deployment are chosen together, so the trend compares deployments, the older half with the newer one, by
 * the rank-sum test on both sides, and those chosen exactly as advised are told beside. Rows without such facts do not count. Pure.
 */
export function agreementOf(rows: readonly Row[]): Agreement {
  const told = toldIn(rows);
  const half = Math.floor(told.length / 2);
  const [before, after] = [told.slice(0, half), told.slice(half)];
  const exactly = told.filter(({ agreed, of }) => agreed === of).length;
  return {
    all: shareOf(told),
    before: shareOf(before),
    after: shareOf(after),
    ...changeOf(before, after),
    exactly: { count: exactly, n: told.length, interval: wilson(exactly, told.length) },
  };
}

/** Each deployment once, oldest first. */
function toldIn(rows: readonly Row[]): Told[] {
  const byId = new Map<string, Told>();
  for (const { id, startedAt, facts } of rows) {
    const { agreed = 0, of = 0 } = facts?.agreement ?? {};
    if (of > 0) byId.set(id, { startedAt, agreed: Math.min(agreed, of), of });
  }
  return [...byId.values()].sort((a, b) =>
    a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0,
  );
}

function shareOf(told: readonly Told[]): Agreement['all'] {
  const n = told.reduce((sum, { of }) => sum + of, 0);
  const count = told.reduce((sum, { agreed }) => sum + agreed, 0);
  return { count, n, interval: wilson(count, n) };
}

function changeOf(before: readonly Told[], after: readonly Told[]): Pick<Agreement, 'change' | 'p'> {
  const [was, is] = [before, after].map((half) => {
    const step = Math.max(1, Math.ceil(half.length / mostCompared));
    return half.filter((_, i) => i % step === 0).map(({ agreed, of }) => agreed / of);
  });
  const rises = was && is ? probablyChance(is, was) : undefined;
  const falls = was && is ? probablyChance(was, is) : undefined;
  if (rises === undefined || falls === undefined) return { change: 'too-little' };
  const p = Math.min(1, 2 * Math.min(rises, falls));
  return { change: p > once ? 'unclear' : rises < falls ? 'up' : 'down', p };
}
