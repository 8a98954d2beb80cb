import path from 'node:path';
import { z } from 'zod';
import { type Counts, emptyCounts } from '../../src/domain/sample.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { MetricSource } from '../../src/ports/router.ts';
import { writeFileAtomic } from '../runtime/atomic-file.ts';
import { findState } from '../runtime/state-file.ts';
import { files } from '../routers/nginx/configuration.ts';
import { putAside, readOn, tailSchema } from '../routers/nginx/log-tail.ts';
import { countLines, numbersSchema } from '../routers/nginx/numbers.ts';
import { folderOf, requireNginx } from '../routers/nginx/record.ts';
import { Switches } from '../routers/nginx/switches.ts';
import { newestTable } from '../routers/nginx/tables.ts';

/** A log is put aside above this size, bytes: two of each are all there is while somebody reads. */
const largestLog = 32 * 1024 * 1024;

const readSchema = z.object({ access: tailSchema, errors: tailSchema, numbers: numbersSchema });

/**
 * The numbers that nginx's access log amounts to. How far it was read is kept beside it (`counts.json`), together with the
 * numbers, so that whoever reads next goes on there. Throws code `router-down` when none runs.
 */
export function createNginxMetrics(options: { stateDir: string; clock: Clock }): MetricSource {
  return {
    async read(environment) {
      const folder = folderOf(options.stateDir, environment);
      const { pid } = await requireNginx(folder);
      await new Switches(folder, 0).watch(options.clock.now());
      const countsFile = path.join(folder, 'counts.json');
      const found = await findState(countsFile, readSchema);
      const before =
        found.kind === 'value' ? found.value : { access: {}, errors: {}, numbers: { lanes: {}, broken: [] } };
      const accessFile = path.join(folder, files.access);
      const errorFile = path.join(folder, files.errors);
      // The errors last: the one that belongs to a request is written before the request is.
      const access = await readOn(accessFile, before.access);
      const errors = await readOn(errorFile, before.errors);
      const { lanes, broken } = countLines(before.numbers, access.lines, errors.lines);
      const { stable, candidate, retired } = await newestTable(folder);
      const sides = [...retired, stable, candidate].filter((side) => side !== null);
      const kept = Object.fromEntries(
        sides.flatMap(({ lane }) => (lanes[lane] ? [[lane, lanes[lane]]] : [])),
      );
      const after = { access: access.tail, errors: errors.tail, numbers: { lanes: kept, broken } };
      await writeFileAtomic(countsFile, JSON.stringify(after), { mode: 0o600, durable: false });
      const aside = [
        await putAside(accessFile, access.tail, largestLog),
        await putAside(errorFile, errors.tail, largestLog),
      ];
      // SIGUSR1: nginx opens its logs anew.
      if (aside.includes(true)) process.kill(pid, 'SIGUSR1');
      const counts = new Map<string, Counts>();
      for (const { sha, lane } of sides) counts.set(sha, kept[lane] ?? emptyCounts());
      return counts;
    },
  };
}
