import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createNginxMetrics } from '../../providers/metrics/nginx.ts';
import { createNginxRouter, type NginxRouter } from '../../providers/routers/nginx/router.ts';
import { systemClock } from '../../providers/runtime/clock.ts';
import { freeServerPort } from '../../providers/runtime/free-port.ts';
import type { RouterUnderTest } from '../contract/router.ts';

export interface NginxUnderTest extends RouterUnderTest {
  router: NginxRouter;
  stateDir: string;
  /** The environment's folder of nginx. */
  folder: string;
}

/** The router on the machine's own nginx, in a state folder of its own. */
export async function openNginx(deadManMs?: number): Promise<NginxUnderTest> {
  const stateDir = await mkdtemp(path.join(os.tmpdir(), 'orchestra-router-'));
  const router = createNginxRouter({
    stateDir,
    clock: systemClock,
    ...(deadManMs === undefined ? {} : { deadManMs }),
  });
  return {
    router,
    metrics: createNginxMetrics({ stateDir, clock: systemClock }),
    environment: 'shop',
    host: '127.0.0.1',
    port: await freeServerPort(),
    differences: { latencyUntil: 'its end', brokenOffHasStatus: false },
    stateDir,
    folder: path.join(stateDir, 'env', 'shop', 'nginx'),
    async close() {
      await router.stop('shop');
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
