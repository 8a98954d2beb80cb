import { describe, expect, it } from 'vitest';
import { doraWords } from '../../src/domain/analysis-words.ts';
import { lookedWords } from '../../src/domain/improvement-words.ts';
import { patternsSchema } from '../../src/domain/memory.ts';
import { analyse } from '../../src/learning/analysis/analyse.ts';
import { dayOf, pastRow } from '../harness/history.ts';

const frequencyAfter = (days: number) =>
  doraWords(
    analyse(
      {
        rows: [pastRow(dayOf(300))],
        now: Date.parse(`${dayOf(300 + days)}T23:00:00.000Z`),
      },
      patternsSchema.parse({ schema: 'orchestra/patterns@1' }),
    ).dora,
  )[0];

describe('the words of the analysis', () => {
  it('M7 divide by weeks only where there is one', () => {
    expect(frequencyAfter(2)?.value).toMatch(/too short for a rate/);
    expect(frequencyAfter(2)?.formula).toBe(
      'new deployments that succeeded ÷ weeks, from a week of history on',
    );
    expect(frequencyAfter(14)?.formula).toMatch(/weeks = 1 ÷ 2\.\d$/);
  });

  it('M4 say what was looked at, of one deployment too', () => {
    expect(
      lookedWords({ schema: 'orchestra/improvements@1', looked: 1, environment: null, improvements: [] }),
    ).toMatch(/^Looked at 1 deployment: /);
    expect(
      lookedWords({
        schema: 'orchestra/improvements@1',
        looked: 9,
        environment: 'production',
        improvements: [],
      }),
    ).toMatch(/^Looked at the newest 9 deployments of production: /);
  });
});
