import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cohort } from '../../src/domain/cohort.ts';
import type { RouteChange } from '../../src/ports/router.ts';
import { ask } from '../harness/http.ts';
import { startUpstream, type Upstream } from '../harness/upstream.ts';
import { Visitor } from '../harness/visitor.ts';
import type { RouterUnderTest } from './router.ts';

const byHeader: Cohort = { kind: 'header', name: 'X-Beta', value: 'yes please' };
const byCookie: Cohort = { kind: 'cookie', name: 'side' };

/** What a router owes that says it can show a version to a cohort (REQUIREMENTS T1, A/B). */
export function cohortContract(name: string, open: () => Promise<RouterUnderTest>): void {
  describe(`${name} keeps cohorts`, () => {
    let under: RouterUnderTest;
    let stable: Upstream;
    let candidate: Upstream;

    const tell = (cohort: Cohort | undefined, weight: number, more: Partial<RouteChange> = {}) =>
      under.router.change(under.environment, {
        stable: stable.route,
        candidate: candidate.route,
        weight,
        ...(cohort ? { cohort } : {}),
        rollout: 'r1',
        fence: 1,
        ...more,
      });
    const visitors = (n: number) => Array.from({ length: n }, () => new Visitor(under.port));
    const sides = async (all: readonly Visitor[]) => {
      const texts: string[] = [];
      for (const visitor of all) texts.push((await visitor.visit()).text);
      return texts;
    };

    beforeEach(async () => {
      under = await open();
      stable = await startUpstream('stable');
      candidate = await startUpstream('candidate');
      await under.router.ensure(under);
    });
    afterEach(async () => {
      await under.close();
      await stable.kill();
      await candidate.kill();
    });

    it('T1 reports the cohort it was told, and none once it is gone', async () => {
      expect(await tell(byHeader, 1)).toMatchObject({ cohort: byHeader, weight: 1 });
      expect((await under.router.read(under.environment)).cohort).toEqual(byHeader);
      expect((await tell(undefined, 0)).cohort).toBeUndefined();
    });

    it('T1 gives the candidate every request with the header’s exact value, and no other', async () => {
      await tell(byHeader, 1);
      const to = async (headers: Record<string, string>) => (await ask({ port: under.port, headers })).text;
      for (let i = 0; i < 10; i++) {
        expect(await to({ 'x-beta': 'yes please' })).toBe('candidate');
        expect(await to({})).toBe('stable');
      }
      expect(await to({ 'X-Beta': 'yes please, no' })).toBe('stable');
      expect(await to({ 'X-Beta': '' })).toBe('stable');
      expect((await ask({ port: under.port })).headers['vary']).toBe('X-Beta');
      await tell(byHeader, 0);
      expect(await to({ 'x-beta': 'yes please' })).toBe('stable');
    });

    it('T1 lets each visitor keep a side while the weight rises, and moves everybody at its ends', async () => {
      await tell(byCookie, 40);
      const first = visitors(60);
      const before = await sides(first);
      expect(new Set(before)).toEqual(new Set(['stable', 'candidate']));
      expect(await sides(first)).toEqual(before);
      await tell(byCookie, 90);
      expect(await sides(first)).toEqual(before);
      const later = await sides(visitors(60));
      expect(later.filter((side) => side === 'candidate').length).toBeGreaterThan(40);
      await tell(undefined, 100);
      expect(new Set(await sides(first)), 'promoted').toEqual(new Set(['candidate']));
      await tell(undefined, 0);
      expect(new Set(await sides(first)), 'rolled back').toEqual(new Set(['stable']));
    });

    it('T1 a cookie of an earlier rollout means nothing', async () => {
      await tell(byCookie, 99);
      const [visitor = new Visitor(under.port)] = visitors(1);
      for (let i = 0; i < 5 && visitor.jar.size === 0; i++) await visitor.visit();
      const old = visitor.jar.get('side');
      await tell(byCookie, 50, { rollout: 'r2' });
      const drawn = new Set<string>();
      for (let i = 0; i < 40; i++) {
        const answer = await ask({ port: under.port, headers: { cookie: `side=${old}` } });
        expect(answer.headers['set-cookie'], 'a side of this rollout').toHaveLength(1);
        drawn.add(answer.text);
      }
      expect(drawn).toEqual(new Set(['stable', 'candidate']));
    });

    it('T1 leaves the service’s own cookies as they are, and no cache may keep the one that was added', async () => {
      const app = await startUpstream('app', (request, response) => {
        response.setHeader('Set-Cookie', [
          'session=abc; Secure',
          ...(request.url === '/own' ? ['side=mine'] : []),
        ]);
        response.setHeader('Cache-Control', 'public, max-age=60');
        response.end(String(request.headers.cookie));
      });
      await tell(byCookie, 50, { stable: app.route, candidate: app.route });
      const cookie = 'session=abc; other="side=x"';
      const answer = await ask({ port: under.port, headers: { cookie } });
      expect(answer.text, 'passed on as it came').toBe(cookie);
      const set = answer.headers['set-cookie'] ?? [];
      expect(set[0]).toBe('session=abc; Secure');
      expect(set.slice(1)).toEqual([
        expect.stringMatching(/^side=[\w-]{22}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/),
      ]);
      expect(answer.headers['cache-control']).toBe('public, max-age=60, private');
      expect(answer.headers['vary']).toBe('Cookie');
      const own = await ask({ port: under.port, path: '/own' });
      expect(own.headers['set-cookie']).toEqual(['session=abc; Secure', 'side=mine']);
      const again = await ask({ port: under.port, headers: { cookie: set[1]?.split(';', 1)[0] ?? '' } });
      expect(again.headers['set-cookie'], 'a visitor with a side').toEqual(['session=abc; Secure']);
      expect(again.headers['cache-control']).toBe('public, max-age=60');
      await app.kill();
    });

    it('T1 serves a visitor of a candidate that died from stable, without an error', async () => {
      await tell(byCookie, 99);
      const all = visitors(5);
      await sides(all);
      await candidate.kill();
      expect(new Set(await sides(all))).toEqual(new Set(['stable']));
    });
  });
}
