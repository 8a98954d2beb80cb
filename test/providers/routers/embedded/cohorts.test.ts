import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audienceOf, type SideName } from '../../../../providers/routers/embedded/cohorts.ts';
import { emptyTable } from '../../../../providers/routers/embedded/table.ts';
import { Split } from '../../../../providers/routers/embedded/split.ts';

const route = (sha: string) => ({ version: { sha, name: sha }, host: '127.0.0.1', port: 80 });
const table = (weight: number, rollout = 'r1') => ({
  ...emptyTable,
  stable: route('a'),
  candidate: route('b'),
  weight,
  rollout,
  cohort: { kind: 'cookie', name: 'side' } as const,
});

function request(cookie: string | undefined): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  if (cookie !== undefined) message.headers.cookie = cookie;
  return message;
}

describe('audienceOf', () => {
  it('T1 a visitor who was given a side never changes it while a rollout lasts, whatever else the cookies say', () => {
    const noise = fc.constantFrom(
      undefined,
      'a=1',
      'side=old',
      'side',
      '=',
      ';;',
      'sid=e; side =x',
      '__proto__=1',
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 99 }), noise, noise), { minLength: 2, maxLength: 40 }),
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (visits, draws) => {
          let n = 0;
          const split = new Split(() => draws[n++ % draws.length] ?? 0);
          let kept: string | undefined;
          let side: SideName | undefined;
          for (const [weight, before, after] of visits) {
            const audience = audienceOf(table(weight));
            const cookie = [before, kept, after].filter((part) => part !== undefined).join('; ');
            const asked = request(cookie === '' ? undefined : cookie);
            const now = audience?.sideOf(asked, () => split.takesCandidate(weight));
            if (side !== undefined) expect(now).toBe(side);
            side = now;
            const marks = now ? (audience?.marks(asked, now, []) ?? []) : [];
            const given = marks[marks.indexOf('Set-Cookie') + 1];
            if (marks.includes('Set-Cookie')) kept ??= given?.split(';', 1)[0];
            else expect(kept, 'a visitor without a side is given one').toBeDefined();
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('T1 has no audience where one side has everything, so that no cookie counts', () => {
    expect(audienceOf(table(0))).toBeUndefined();
    expect(audienceOf(table(100))).toBeUndefined();
    expect(audienceOf({ ...table(50), candidate: null })).toBeUndefined();
    const header = { kind: 'header', name: 'constructor', value: 'x' } as const;
    expect(audienceOf({ ...table(0), cohort: header })).toBeUndefined();
    expect(audienceOf({ ...table(1), cohort: header })?.sideOf(request('a'), () => true)).toBe('stable');
  });

  it('reads a cookie header of 32 kB of semicolons in no time that grows with its square', () => {
    const audience = audienceOf(table(50));
    expect(audience?.sideOf(request(';='.repeat(16_000)), () => false)).toBe('stable');
  });
});
