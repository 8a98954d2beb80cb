import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createEmbeddedMetrics } from '../../providers/metrics/embedded.ts';
import { freePort } from '../../providers/runtime/free-port.ts';
import { createEmbeddedRouter, type EmbeddedRouter } from '../../providers/routers/embedded/router.ts';
import type { RouterUnderTest } from '../contract/router.ts';

export interface EmbeddedUnderTest extends RouterUnderTest {
  router: EmbeddedRouter;
  stateDir: string;
  /** The environment's folder of the proxy. */
  folder: string;
}

/** The real router, its proxy the bundled program, in a state folder of its own. */
export async function openEmbedded(deadManMs?: number): Promise<EmbeddedUnderTest> {
  const stateDir = await mkdtemp(path.join(os.tmpdir(), 'orchestra-router-'));
  const router = createEmbeddedRouter({
    stateDir,
    clock: {
      now: () => new Date(),
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          const timer = setTimeout(resolve, ms);
          signal?.addEventListener('abort', () => {
            clearTimeout(timer);
            reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
          });
        }),
    },
    proxyEntry: path.resolve('dist/proxy.js'),
    ...(deadManMs === undefined ? {} : { deadManMs }),
  });
  return {
    router,
    metrics: createEmbeddedMetrics({ stateDir }),
    environment: 'shop',
    host: '127.0.0.1',
    port: await freePort(),
    differences: { latencyUntil: 'its end', brokenOffHasStatus: false },
    stateDir,
    folder: path.join(stateDir, 'env', 'shop'),
    async close() {
      await router.stop('shop');
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
