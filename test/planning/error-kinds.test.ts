import { describe, expect, it } from 'vitest';
import { errorKinds } from '../../src/planning/culprit/error-kinds.ts';

const kinds = (...lines: string[]) => [...errorKinds(lines).values()];

describe('kinds of errors in a log', () => {
  it.each([
    ['a level', '10:00:01 ERROR cannot charge the card'],
    ['a level in brackets', '[error] cannot charge the card'],
    ['logfmt', 'time=10:00 level=error msg="cannot charge"'],
    ['an exception', 'Unhandled CardException: cannot charge'],
    ['a structured line', '{"level":"error","msg":"cannot charge"}'],
    ['pino', '{"level":50,"time":1,"err":{"type":"Error","message":"cannot charge"}}'],
    ['a panic', 'panic: runtime error: index out of range'],
  ])('knows %s', (_, line) => {
    expect(kinds(line)).toHaveLength(1);
  });

  it.each([
    ['a plain line', 'GET /errors 200'],
    ['good news', 'finished with 0 errors'],
    ['a structured line of another level', '{"level":"info","msg":"ERROR rate is low"}'],
    ['a frame of a stack', '    at ERROR (/srv/error.js:1:2)'],
    ['nothing', ''],
  ])('takes %s for none', (_, line) => {
    expect(kinds(line)).toEqual([]);
  });

  it('counts what differs only in numbers, ids, quotes and spaces as one', () => {
    expect(
      kinds(
        'ERROR order 17 of "ana" failed after 30ms',
        'ERROR order 9999  of "bo" failed after 4ms',
        'ERROR order deadbeef01 of "x" failed after 4ms',
      ),
    ).toEqual([{ example: 'ERROR order 17 of "ana" failed after 30ms', count: 3 }]);
  });

  it('comes to an end on hostile lines', () => {
    const line = `ERROR ${'"'.repeat(5000)}${'a'.repeat(5000)}@${'\\'.repeat(5000)}`;
    expect(errorKinds(Array.from({ length: 2000 }, () => line)).size).toBe(1);
  });

  it('stops telling kinds apart at some point', () => {
    const letters = (n: number) => [...String(n)].map((digit) => 'qwertzuiop'[Number(digit)]).join('');
    expect(errorKinds(Array.from({ length: 3000 }, (_, i) => `ERROR ${letters(i)}`)).size).toBe(500);
  });
});
