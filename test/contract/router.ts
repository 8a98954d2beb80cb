import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MetricSource, Route, RouteChange, TrafficRouter } from '../../src/ports/router.ts';
import { bucketOf, errorsOf } from '../../src/domain/sample.ts';
import { ask, eventually, startLoad, type Load } from '../harness/http.ts';
import { startUpstream, type Upstream } from '../harness/upstream.ts';

export interface RouterUnderTest {
  router: TrafficRouter;
  metrics: MetricSource;
  environment: string;
  host: string;
  /** A free port for users. */
  port: number;
  /** In what the routers differ; the suite asserts each both ways. */
  differences: {
    /** Up to when an answer's time is counted. */
    latencyUntil: 'its end' | 'its beginning';
    /** Whether an answer that broke off is also counted by the status it began with. */
    brokenOffHasStatus: boolean;
  };
  close(): Promise<void>;
}

/**
 * What every traffic router with its metric source owes; `open` gives a fresh one that was not yet asked to run, whose
 * dead man's switch waits as long as told instead of its usual time.
 */
export function routerContract(name: string, open: (deadManMs?: number) => Promise<RouterUnderTest>): void {
  describe(`${name} keeps the router contract`, () => {
    let under: RouterUnderTest;
    let stable: Upstream;
    let candidate: Upstream;
    let fence = 1;

    const split = (weight: number, more: Partial<RouteChange> = {}): Promise<unknown> =>
      under.router.change(under.environment, {
        stable: stable.route,
        candidate: candidate.route,
        weight,
        rollout: null,
        fence,
        ...more,
      });
    const counts = async (upstream: Upstream) =>
      (await under.metrics.read(under.environment)).get(upstream.route.version.sha);

    beforeEach(async () => {
      fence = 1;
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

    it('says 503 in plain words while no version serves', async () => {
      const answer = await ask({ port: under.port });
      expect(answer.status).toBe(503);
      expect(answer.text).toMatch(/no version/i);
    });

    it('reports exactly what it was told', async () => {
      const told = { stable: stable.route, candidate: candidate.route, weight: 12.5, fence: 7 };
      const state = await under.router.change(under.environment, { ...told, rollout: 'r1' });
      expect(state).toMatchObject({ ...told, rollout: { id: 'r1' }, switched: null });
      expect(await under.router.read(under.environment)).toMatchObject(told);
      expect(await under.router.alive(under.environment)).toBe(true);
    });

    it('P9 fails no request while weights rise, fall back, drain and stable changes', async () => {
      await split(0);
      const load = startLoad(under.port, 8);
      for (const weight of [5, 25, 50, 100, 0, 50, 100]) {
        await split(weight);
        const before = load.tally.get('200 candidate') ?? 0;
        if (weight > 0) {
          await eventually(() => (load.tally.get('200 candidate') ?? 0) > before, `traffic at ${weight} %`);
        }
      }
      await split(0, { stable: candidate.route, candidate: null });
      expect(await under.router.drain(under.environment, stable.route.version.sha, 5_000)).toBe(0);
      await stable.kill();
      const after = load.tally.get('200 candidate') ?? 0;
      await eventually(
        () => (load.tally.get('200 candidate') ?? 0) > after + 200,
        'traffic on the new stable',
      );
      const tally = await load.stop();
      expect([...tally.keys()].toSorted()).toEqual(['200 candidate', '200 stable']);
    });

    it.each([5, 25])(
      'gives the candidate %d percent of 10,000 requests, half a point more or less',
      async (weight) => {
        await split(weight);
        const tally = await startLoad(under.port, 16, 10_000).stop();
        const share = ((tally.get('200 candidate') ?? 0) / 10_000) * 100;
        expect(share).toBeGreaterThanOrEqual(weight - 0.5);
        expect(share).toBeLessThanOrEqual(weight + 0.5);
        expect((await counts(candidate))?.requests).toBe(tally.get('200 candidate'));
        expect((await counts(stable))?.requests).toBe(tally.get('200 stable'));
      },
    );

    it('refuses a change and a sign of life with an older fencing token', async () => {
      fence = 5;
      await split(5, { rollout: 'r1' });
      fence = 4;
      await expect(split(50)).rejects.toMatchObject({ code: 'fenced' });
      await expect(under.router.heartbeat(under.environment, 'r1', 4)).rejects.toMatchObject({
        code: 'fenced',
      });
      expect(await under.router.read(under.environment)).toMatchObject({ weight: 5, fence: 5 });
    });

    it('N4 keeps every change, whatever signs of life arrive at the same moment', async () => {
      const beats: Promise<void>[] = [];
      for (let round = 0; round < 40; round++) {
        const weight = 5 + (round % 2) * 45;
        for (let i = 0; i < 3; i++) beats.push(under.router.heartbeat(under.environment, 'r1', fence));
        await split(weight, { rollout: 'r1' });
        await Promise.all(beats.splice(0));
        expect(await under.router.read(under.environment), `round ${round}`).toMatchObject({ weight });
      }
    });

    it('P10 counts statuses, latencies and failures of each version apart', async () => {
      const failing = await startUpstream('failing', (request, response) => {
        if (request.url === '/cut') {
          response.writeHead(200, { 'Content-Length': '10' });
          response.write('12345');
          setTimeout(() => request.socket.destroy(), 10);
          return;
        }
        response.statusCode = Number(request.url?.slice(1));
        setTimeout(() => response.end(), request.url === '/200' ? 80 : 0);
      });
      await split(100, { candidate: failing.route });
      for (const path of ['/200', '/200', '/301', '/404', '/500', '/503'])
        await ask({ port: under.port, path });
      await expect(ask({ port: under.port, path: '/cut' })).rejects.toThrow(/aborted|hang up/);
      const seen = await counts(failing);
      const begun = under.differences.brokenOffHasStatus ? 3 : 2;
      expect(seen).toMatchObject({ requests: 7, status: [0, begun, 1, 1, 2], failures: 1 });
      expect(seen && errorsOf(seen)).toBe(3);
      const slow = Object.entries(seen?.latency ?? {}).filter(([bucket]) => Number(bucket) >= 35);
      expect(slow.reduce((sum, [, n]) => sum + n, 0)).toBeGreaterThanOrEqual(2);
      expect((await counts(stable))?.requests).toBe(0);
      await failing.kill();
    });

    it('counts the time of an answer until its end, or its beginning, as it says', async () => {
      const slow = await startUpstream('slow', (_, response) => {
        response.writeHead(200, { 'Content-Length': '4' });
        response.write('sl');
        setTimeout(() => response.end('ow'), 250);
      });
      await split(100, { candidate: slow.route });
      expect((await ask({ port: under.port })).text).toBe('slow');
      const [bucket] = Object.keys((await counts(slow))?.latency ?? {});
      expect(Number(bucket) >= bucketOf(240)).toBe(under.differences.latencyUntil === 'its end');
      await slow.kill();
    });

    it('counts a version from zero when it comes back', async () => {
      await split(100);
      await ask({ port: under.port });
      await split(0, { candidate: null });
      await split(0);
      expect((await counts(candidate))?.requests).toBe(0);
    });

    it('lets a request under way finish where it began, and drains until it has', async () => {
      let release = () => {};
      const slow = await startUpstream('slow', (_, response) => {
        release = () => void response.end('slow');
      });
      await split(100, { candidate: slow.route });
      const underWay = ask({ port: under.port });
      await eventually(() => slow.seen.length === 1, 'the request arrived');
      await split(0, { candidate: slow.route });
      const { sha } = slow.route.version;
      expect(await under.router.drain(under.environment, sha, 50)).toBe(1);
      const drained = under.router.drain(under.environment, sha, 10_000);
      release();
      expect((await underWay).text).toBe('slow');
      expect(await drained).toBe(0);
      expect((await ask({ port: under.port })).text).toBe('stable');
      await slow.kill();
    });

    it('R1 sends nothing new to the candidate once a rollback is answered', async () => {
      await split(50);
      const load = startLoad(under.port, 8);
      await eventually(() => candidate.seen.length > 100, 'the candidate has traffic');
      await split(0);
      await under.router.drain(under.environment, candidate.route.version.sha, 5_000);
      const last = candidate.seen.length;
      const before = stable.seen.length;
      await eventually(() => stable.seen.length > before + 300, 'stable has the traffic');
      expect(candidate.seen.length).toBe(last);
      expect([...(await load.stop()).keys()].toSorted()).toEqual(['200 candidate', '200 stable']);
    });

    it('serves users from stable when the candidate dies under load, and counts its failures', async () => {
      await split(50);
      const load = startLoad(under.port, 8);
      await eventually(() => candidate.seen.length > 100, 'the candidate has traffic');
      await candidate.kill();
      await eventually(async () => ((await counts(candidate))?.failures ?? 0) > 50, 'failures are counted');
      expect([...(await load.stop()).keys()].toSorted()).toEqual(['200 candidate', '200 stable']);
      expect((await counts(stable))?.failures).toBe(0);
    });

    describe('with several copies of a version', () => {
      let copies: Upstream[];
      const version = { sha: 'copies-sha', name: 'copies' };
      beforeEach(async () => {
        copies = await Promise.all(['one', 'two', 'three'].map((copy) => startUpstream(copy)));
      });
      afterEach(async () => {
        for (const copy of copies) await copy.kill();
      });
      /** The route to these copies, of one version. */
      const routeTo = (...which: number[]): Route => {
        const [first, ...others] = which.map((i) => copies[i]?.route);
        if (!first) throw new TypeError('a route needs a copy');
        const at = others.flatMap((route) => (route ? [{ host: route.host, port: route.port }] : []));
        return { ...first, version, ...(at.length > 0 ? { others: at } : {}) };
      };
      const answered = (load: Load, name: string) => load.tally.get(`200 ${name}`) ?? 0;

      it('T1 reports all of them, and spreads a side’s requests evenly, counted as one version', async () => {
        const told = { stable: routeTo(0, 1, 2), candidate: candidate.route, weight: 25 };
        await split(25, told);
        expect(await under.router.read(under.environment)).toMatchObject(told);
        const tally = await startLoad(under.port, 8, 2_000).stop();
        for (const name of ['one', 'two', 'three']) {
          expect(tally.get(`200 ${name}`), name).toBeGreaterThan(450);
          expect(tally.get(`200 ${name}`), name).toBeLessThan(550);
        }
        expect(tally.get('200 candidate')).toBeGreaterThan(480);
        const counted = (await under.metrics.read(under.environment)).get(version.sha);
        expect(counted?.requests).toBe(2_000 - (tally.get('200 candidate') ?? 0));
      });

      it('T1 serves a candidate from all its copies, and nobody when it has no share', async () => {
        await split(100, { candidate: routeTo(0, 1, 2) });
        const tally = await startLoad(under.port, 4, 300).stop();
        expect([...tally.keys()].toSorted()).toEqual(['200 one', '200 three', '200 two']);
        await split(0, { candidate: routeTo(0, 1, 2) });
        expect((await ask({ port: under.port })).text).toBe('stable');
      });

      it('T1 fails no request when a copy is killed under load', async () => {
        await split(0, { stable: routeTo(0, 1, 2), candidate: null });
        const load = startLoad(under.port, 8);
        await eventually(() => answered(load, 'two') > 100, 'every copy has traffic');
        await copies[1]?.kill();
        const before = answered(load, 'one') + answered(load, 'three');
        await eventually(
          () => answered(load, 'one') + answered(load, 'three') > before + 1_000,
          'the others have the traffic',
        );
        expect([...(await load.stop()).keys()].toSorted()).toEqual(['200 one', '200 three', '200 two']);
      });

      it('T1 P9 fails no request while copies of both sides come and go, and drains one of them alone', async () => {
        await split(0, { stable: routeTo(0, 1, 2) });
        const load = startLoad(under.port, 8);
        const moved = async (change: Partial<RouteChange>, weight: number, name: string) => {
          await split(weight, change);
          const before = answered(load, name);
          await eventually(() => answered(load, name) > before + 20, `${name} has traffic`);
        };
        await moved({ stable: routeTo(0, 1) }, 30, 'candidate');
        const { sha } = version;
        const gone = copies[2]?.route;
        if (!gone) throw new TypeError('no third copy');
        expect(await under.router.drain(under.environment, sha, 5_000, gone)).toBe(0);
        await copies[2]?.kill();
        await moved({ stable: routeTo(1) }, 60, 'two');
        const counted = (await under.metrics.read(under.environment)).get(sha)?.requests ?? 0;
        copies[2] = await startUpstream('three');
        await moved({ stable: routeTo(1, 2, 0) }, 0, 'three');
        await moved({ stable: routeTo(2), candidate: null }, 0, 'three');
        const after = (await under.metrics.read(under.environment)).get(sha)?.requests ?? 0;
        expect(after, 'counts go on while copies change').toBeGreaterThan(counted);
        const seen = ['200 candidate', '200 one', '200 three', '200 two'];
        expect([...(await load.stop()).keys()].toSorted()).toEqual(seen);
      });
    });

    it('N4 gives the traffic back to a healthy stable when nobody is heard of, and keeps it there', async () => {
      await under.close();
      under = await open(700);
      await under.router.ensure(under);
      await split(100, { rollout: 'r1' });
      const load = startLoad(under.port, 4);
      for (let beats = 0; beats < 8; beats++) {
        await new Promise((resolve) => {
          setTimeout(resolve, 150);
        });
        await under.router.heartbeat(under.environment, 'r1', fence);
      }
      expect(await under.router.read(under.environment)).toMatchObject({ weight: 100, switched: null });
      await eventually(() => (load.tally.get('200 stable') ?? 0) > 100, 'stable has the traffic');
      await under.router.drain(under.environment, candidate.route.version.sha, 5_000);
      const last = candidate.seen.length;
      expect(await under.router.read(under.environment)).toMatchObject({
        weight: 0,
        rollout: null,
        switched: { rollout: 'r1' },
      });
      await under.router.heartbeat(under.environment, 'r1', fence);
      const before = stable.seen.length;
      await eventually(() => stable.seen.length > before + 100, 'stable keeps the traffic');
      expect(candidate.seen.length).toBe(last);
      expect([...(await load.stop()).keys()].toSorted()).toEqual(['200 candidate', '200 stable']);
      expect(await under.router.read(under.environment)).toMatchObject({ switched: { rollout: 'r1' } });
    });

    it('N4 leaves the traffic where it is when nobody is heard of and stable does not answer', async () => {
      await under.close();
      under = await open(400);
      await under.router.ensure(under);
      await stable.kill();
      await split(100, { rollout: 'r1' });
      await new Promise((resolve) => {
        setTimeout(resolve, 1_500);
      });
      expect((await ask({ port: under.port })).text).toBe('candidate');
      expect(await under.router.read(under.environment)).toMatchObject({ weight: 100, switched: null });
    });
  });
}
