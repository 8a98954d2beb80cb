import type { Agreement } from '../domain/choices-report.ts';
import type { HistoryRow } from '../domain/memory.ts';
import { courseOf, shareChange } from './analysis/course.ts';
import { knownRows } from './analysis/counting.ts';
import { shareOf } from './analysis/intervals.ts';

/**
 * How far what was chosen was what was advised (REQUIREMENTS M7): of the features that were advised or chosen, those that were
 * both. Features of one deployment are chosen together, so the deployments chosen exactly as advised are told beside.
 * Rows without such facts do not count. Pure.
 */
export function agreementOf(rows: readonly HistoryRow[]): Agreement {
  const advised = knownRows(rows).filter(({ facts }) => (facts.agreement?.of ?? 0) > 0);
  const share = (some: readonly HistoryRow[]) => {
    const all = some.flatMap(({ facts }) => facts?.agreement ?? []);
    return shareOf(
      all.reduce((sum, { agreed }) => sum + agreed, 0),
      all.reduce((sum, { of }) => sum + of, 0),
    );
  };
  const exactly = advised.filter(({ facts }) => facts.agreement?.agreed === facts.agreement?.of);
  return {
    features: courseOf(advised, { of: share, compare: shareChange }),
    exactly: shareOf(exactly.length, advised.length),
  };
}
