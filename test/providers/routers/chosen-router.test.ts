import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChosenRouter, createChosenRouter } from '../../../providers/routers/chosen-router.ts';
import { whyNoProgram } from '../../../providers/routers/haproxy/program.ts';
import { routerKinds } from '../../../providers/routers/registry.ts';
import { systemClock } from '../../../providers/runtime/clock.ts';
import { freeServerPort } from '../../../providers/runtime/free-port.ts';
import { routerNameSchema } from '../../../src/domain/settings.ts';
import { ask } from '../../harness/http.ts';
import { withProgram } from '../../harness/programs.ts';
import { startUpstream, type Upstream } from '../../harness/upstream.ts';

const whyNot = await whyNoProgram();

describe('the router an environment chose', () => {
  let folder: string;
  let stateDir: string;
  let chosen: ChosenRouter;
  let where: { environment: string; host: string; port: number };
  let stable: Upstream;
  let candidate: Upstream;

  const kind = (name: (typeof routerNameSchema.options)[number]) =>
    routerKinds[name]({ stateDir, clock: systemClock, proxyEntry: path.resolve('dist/proxy.js') });
  const split = (weight: number, fence: number) =>
    chosen.router.change('shop', {
      stable: stable.route,
      candidate: candidate.route,
      weight,
      rollout: null,
      fence,
    });

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'orchestra-router-'));
    stateDir = folder;
    chosen = createChosenRouter(stateDir, kind);
    where = { environment: 'shop', host: '127.0.0.1', port: await freeServerPort() };
    stable = await startUpstream('stable');
    candidate = await startUpstream('candidate');
  });
  afterEach(async () => {
    for (const name of routerNameSchema.options) await kind(name).router.stop('shop');
    await stable.kill();
    await candidate.kill();
    await rm(folder, { recursive: true, force: true });
  });

  it('is the embedded proxy where nothing was said, and an unknown name lists the known ones', async () => {
    await chosen.router.ensure(where);
    expect(await kind('embedded').router.alive('shop')).toBe(true);
    expect(await chosen.missing('embedded')).toBeUndefined();
    await expect(chosen.router.ensure({ ...where, kind: 'envoy' })).rejects.toMatchObject({
      code: 'unknown-router',
      exit: 78,
      hint: expect.stringContaining('embedded, haproxy'),
    });
  });

  it('T1 says beforehand which router cannot keep a cohort, and which can', async () => {
    const cohort = { kind: 'cookie', name: 'side' } as const;
    expect(await chosen.missing('embedded', { cohort })).toBeUndefined();
    chosen = createChosenRouter(stateDir, (name) => ({
      ...kind(name),
      missing: () => Promise.resolve(undefined),
    }));
    expect(await chosen.missing('haproxy', {})).toBeUndefined();
    expect(await chosen.missing('haproxy', { cohort })).toEqual({
      code: 'router-cannot',
      why: expect.stringContaining('haproxy cannot show a version to a cohort'),
      hint: expect.stringContaining('router: embedded'),
    });
  });

  withProgram('haproxy', whyNot, () => {
    it('takes over routes, port and fence from the one before, both ways', async () => {
      await chosen.router.ensure(where);
      await split(100, 3);
      await chosen.router.ensure({ ...where, kind: 'haproxy' });
      expect(await kind('embedded').router.alive('shop')).toBe(false);
      expect(await kind('haproxy').router.alive('shop')).toBe(true);
      expect(await chosen.router.read('shop')).toMatchObject({
        stable: stable.route,
        candidate: candidate.route,
        weight: 100,
        fence: 3,
      });
      expect((await ask({ port: where.port })).text).toBe('candidate');
      expect((await chosen.metrics.read('shop')).get(candidate.route.version.sha)?.requests).toBe(1);
      await expect(split(0, 2)).rejects.toMatchObject({ code: 'fenced' });
      await split(0, 4);
      await chosen.router.ensure({ ...where, kind: 'embedded' });
      expect(await kind('haproxy').router.alive('shop')).toBe(false);
      expect(await chosen.router.read('shop')).toMatchObject({ weight: 0, fence: 4 });
      expect((await ask({ port: where.port })).text).toBe('stable');
    });

    it('leaves the one before in charge when the new one cannot start', async () => {
      stateDir = path.join(stateDir, 'x'.repeat(100));
      chosen = createChosenRouter(stateDir, kind);
      await chosen.router.ensure(where);
      await split(100, 1);
      await expect(chosen.router.ensure({ ...where, kind: 'haproxy' })).rejects.toMatchObject({
        code: 'path-too-long',
        exit: 78,
      });
      expect(await chosen.router.read('shop')).toMatchObject({ weight: 100 });
      expect((await ask({ port: where.port })).text).toBe('candidate');
    });
  });
});
