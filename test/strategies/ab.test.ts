import { describe, expect, it } from 'vitest';
import { planOf, settingsWith, shown } from '../harness/assembled-plan.ts';

// oxlint-disable-next-line unicorn/no-thenable -- a key of the settings
const promotes = Object.fromEntries([['then', 'promote']]);

describe('the strategy ab', () => {
  it('T1 T2 draws half of the visitors by a cookie where nothing else was said, for an hour, then asks', () => {
    const plan = planOf({ strategy: 'ab' });
    expect(plan.phases).toMatchObject([
      {
        weight: 50,
        bakeMs: 3_600_000,
        judged: true,
        asks: true,
        cohort: { kind: 'cookie', name: 'orchestra-ab' },
      },
      { name: 'all traffic', weight: 100, bakeMs: 300_000 },
    ]);
    expect(plan.phases[1]?.cohort).toBeUndefined();
    expect(plan.estimates.earliestPromotionMs).toBe(3_900_000);
    expect(shown(plan)).toMatch(/cookie orchestra-ab[\s\S]*After 1 h it pauses, and a person/);
  });

  it('T1 T2 shows the candidate to a header’s requests alone, and says that the sides are other people', () => {
    const header = { name: 'X-Beta', value: 'yes' };
    const plan = planOf({ strategy: 'ab', ab: { header, ...promotes, duration: '2h' } });
    expect(plan.phases[0]).toMatchObject({ cohort: { kind: 'header', ...header } });
    expect(plan.phases[0]?.asks).toBeUndefined();
    expect(plan.notes.join('\n')).toMatch(
      /other people than those on stable[\s\S]*After 2 h it gets all traffic/,
    );
    expect(shown(plan)).toMatch(/^ +header  A\/B for requests with X-Beta: yes, watched 2 h$/m);
  });

  it.each([
    ['a line break in the value', { header: { name: 'X-Beta', value: 'a\r\nSet-Cookie: b' } }],
    ['a name that is no token', { header: { name: 'X Beta', value: 'a' } }],
    ['a header of the connection', { header: { name: 'Connection', value: 'close' } }],
    ['a cookie name with a separator', { cookie: 'a;b' }],
    ['both ways at once', { header: { name: 'X-Beta', value: 'a' }, cookie: 'b' }],
    ['everybody', { share: 100 }],
  ])('refuses %s', (_, ab) => {
    expect(settingsWith({ ab }).success).toBe(false);
  });
});
