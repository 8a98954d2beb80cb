import type { MetricSource } from '../../src/ports/router.ts';
import { callProxy, folderOf, requireProxy } from '../routers/embedded/control-client.ts';
import { metricsSchema } from '../routers/embedded/protocol.ts';

/** The embedded proxy's own counts. Throws code `router-down` when none runs. */
export function createEmbeddedMetrics(options: { stateDir: string }): MetricSource {
  return {
    async read(environment) {
      const record = await requireProxy(folderOf(options.stateDir, environment));
      const { versions } = await callProxy(record, {
        method: 'GET',
        path: '/v1/metrics',
        answer: metricsSchema,
        timeoutMs: 5_000,
      });
      return new Map(Object.entries(versions));
    },
  };
}
