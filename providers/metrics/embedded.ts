import { OrchestraError } from '../../src/domain/errors.ts';
import type { MetricSource } from '../../src/ports/router.ts';
import { callProxy, folderOf, requireProxy } from '../routers/embedded/control-client.ts';
import { failingRoutesSchema, metricsSchema } from '../routers/embedded/protocol.ts';

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

    async routes(environment) {
      const record = await requireProxy(folderOf(options.stateDir, environment));
      const request = { method: 'GET', path: '/v1/failing-routes', timeoutMs: 5_000 } as const;
      try {
        const { versions } = await callProxy(record, { ...request, answer: failingRoutesSchema });
        return new Map(Object.entries(versions));
      } catch (error) {
        // A proxy outlives the program that started it: one from before it could tell does not know the question.
        if (error instanceof OrchestraError && error.code === 'unknown-request') return undefined;
        throw error;
      }
    },
  };
}
