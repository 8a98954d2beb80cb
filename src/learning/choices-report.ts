import { leaningLine, leaningsOf } from '../domain/choices-leanings.ts';
import type { ChoicesReport } from '../domain/choices-report.ts';
import type { HistoryRow, Patterns } from '../domain/memory.ts';
import { shareOf } from './analysis/intervals.ts';
import { agreementOf } from './choices-agreement.ts';

/** What was learned of people's choices: what moves the advice first, then by how many changes it is about. Pure. */
export function choicesReport(patterns: Patterns, rows: readonly HistoryRow[]): ChoicesReport {
  const { chosen, choices } = patterns;
  const leanings = leaningsOf(patterns).toSorted(
    (a, b) => Number(b.state === 'moves') - Number(a.state === 'moves') || b.n - a.n,
  );
  return {
    schema: 'orchestra/choices@1',
    since: chosen?.since ?? null,
    deployments: chosen?.deployments.length ?? 0,
    changes: chosen?.decisions.length ?? 0,
    buckets: Object.entries(choices).map(([key, { taken, left }]) => ({
      key,
      ...shareOf(taken, taken + left),
    })),
    leanings: leanings.map((leaning) => ({ ...leaning, text: leaningLine(leaning) })),
    agreement: agreementOf(rows),
  };
}
