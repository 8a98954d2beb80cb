import type { MetricSource } from '../../src/ports/router.ts';
import { folderOf } from '../routers/embedded/control-client.ts';
import { latencyTable } from '../routers/haproxy/configuration.ts';
import { requireHaproxy } from '../routers/haproxy/record.ts';
import { readTable } from '../routers/haproxy/routes.ts';
import { command } from '../routers/haproxy/runtime-api.ts';
import { countsBySha, parseLatencies, parseStats } from '../routers/haproxy/stats.ts';

/**
 * HAProxy's own numbers: `show stat`, and a stick table that counts the times until answers began. Throws code `router-down`
 * when none runs.
 */
export function createHaproxyMetrics(options: { stateDir: string }): MetricSource {
  return {
    async read(environment) {
      const { socket } = await requireHaproxy(folderOf(options.stateDir, environment));
      const table = await readTable(socket);
      const latencies = parseLatencies(await command(socket, ['show', 'table', latencyTable]));
      return countsBySha(table, parseStats(await command(socket, ['show', 'stat'])), latencies);
    },
  };
}
