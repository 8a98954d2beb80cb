import { describe, expect, it } from 'vitest';
import { agreementLines } from '../../src/domain/choices-lines.ts';
import { factsOf } from '../../src/domain/deployment-facts.ts';
import { agreementOf } from '../../src/learning/choices-agreement.ts';
import { chosenFrom } from '../harness/choices.ts';
import { feature } from '../harness/features.ts';
import { dayOf, pastRow } from '../harness/history.ts';

/** One deployment a day, with as many of ten features chosen as advised. */
const past = (...agreed: number[]) =>
  agreed.map((many, i) => pastRow(dayOf(i), { facts: { agreement: { agreed: many, of: 10 } } }));
const repeat = (n: number, agreed: number) => Array.from({ length: n }, () => agreed);

describe('M7 selection agreement', () => {
  it('is of the features advised or chosen those that were both, with n and interval', () => {
    const lines = agreementLines(agreementOf(past(10, 8, 9)));
    expect(lines).toEqual([
      'Selection agreement: of 30 features advised or chosen 27 were both (77–96 %); too little for a trend.',
      'Chosen exactly as advised: 1 of 3 deployments (8–75 %).',
    ]);
  });

  it('tells a trend where deployments really changed, and none where they did not', () => {
    expect(agreementOf(past(...repeat(10, 5), ...repeat(10, 9))).change).toBe('up');
    expect(agreementOf(past(...repeat(10, 9), ...repeat(10, 5))).change).toBe('down');
    expect(agreementOf(past(...repeat(20, 8))).change).toBe('unclear');
    expect(agreementOf(past(...repeat(7, 5), ...repeat(7, 9))).change).toBe('too-little');
  });

  it('one deployment of many features is no trend, however many they are', () => {
    const rows = past(...repeat(19, 9));
    const large = pastRow(dayOf(30), { facts: { agreement: { agreed: 0, of: 10_000 } } });
    expect(agreementOf([...rows, large]).change).toBe('unclear');
  });

  it('looks at each deployment once, and at none that does not tell', () => {
    const [row] = past(5);
    const rows = row ? [row, row, pastRow(dayOf(3))] : [];
    expect(agreementOf(rows).all).toMatchObject({ count: 5, n: 10 });
    expect(agreementLines(agreementOf([]))).toEqual([
      'Selection agreement: not enough history, no deployment tells what was advised.',
    ]);
  });

  it('is taken from what the plan froze', () => {
    const d = chosenFrom(0, [feature('a'), feature('b'), feature('c', { bucket: 'optional' })], {
      take: ['a', 'c'],
    });
    expect(factsOf(d)?.agreement).toEqual({ agreed: 1, of: 3 });
  });

  it('reads a hundred thousand deployments', () => {
    const [row] = past(5);
    const rows = Array.from({ length: 100_000 }, (_, i) => ({ ...row, id: `d${i}` }) as typeof row & object);
    expect(agreementOf(rows).all.n).toBe(1_000_000);
  });
});
