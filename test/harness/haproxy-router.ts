import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createHaproxyMetrics } from '../../providers/metrics/haproxy.ts';
import { createHaproxyRouter, type HaproxyRouter } from '../../providers/routers/haproxy/router.ts';
import { systemClock } from '../../providers/runtime/clock.ts';
import { freeServerPort } from '../../providers/runtime/free-port.ts';
import type { RouterUnderTest } from '../contract/router.ts';

export interface HaproxyUnderTest extends RouterUnderTest {
  router: HaproxyRouter;
  stateDir: string;
  /** The environment's folder of HAProxy. */
  folder: string;
}

/** The router on the machine's own HAProxy, in a state folder of its own. */
export async function openHaproxy(deadManMs?: number): Promise<HaproxyUnderTest> {
  const stateDir = await mkdtemp(path.join(os.tmpdir(), 'orchestra-router-'));
  const router = createHaproxyRouter({
    stateDir,
    clock: systemClock,
    ...(deadManMs === undefined ? {} : { deadManMs }),
  });
  return {
    router,
    metrics: createHaproxyMetrics({ stateDir }),
    environment: 'shop',
    host: '127.0.0.1',
    port: await freeServerPort(),
    differences: { latencyUntil: 'its beginning', brokenOffHasStatus: true },
    stateDir,
    folder: path.join(stateDir, 'env', 'shop'),
    async close() {
      await router.stop('shop');
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
