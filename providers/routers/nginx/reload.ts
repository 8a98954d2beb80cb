import path from 'node:path';
import { OrchestraError } from '../../../src/domain/errors.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { sizeOf, tailOf } from '../../runtime/log-file.ts';
import { files } from './configuration.ts';
import { idleUsers, runningAt } from './control.ts';
import { type Place, prepareConfiguration, socketName } from './launch.ts';
import { processesIn } from './processes.ts';
import type { NginxRecord } from './record.ts';
import type { Switches } from './switches.ts';
import type { Table } from './table.ts';

/** For at least so long, and so long at most, users' answers close their connections before a reload. */
const quiet = { leastMs: 80, mostMs: 300 };
const reloadMs = 15_000;
const lookMs = 10;

/**
 * Puts a table in force: tested, then a graceful reload. Returns once workers with this configuration answer and all workers
 * of before take no more requests. Throws code `router-refused`; then the configuration of before is in force;
 * and `router-late` when nginx did not get there in 15 s.
 *
 * nginx closes idle users' connections when old workers leave, also one on which a request has just arrived. So beforehand
 * each answer closes its connection; the ones still kept at the reload had nothing to ask for the whole of that time.
 */
export async function reload(
  place: Place,
  record: NginxRecord,
  table: Table,
  switches: Switches,
  clock: Clock,
): Promise<void> {
  const socket = path.join(place.folder, socketName);
  const logFile = path.join(place.folder, files.errors);
  await prepareConfiguration(place, table);
  try {
    await switches.letUsersGo();
    for (let waited = 0; waited < quiet.mostMs; waited += lookMs) {
      if (waited >= quiet.leastMs && (await idleUsers(socket)) === 0) break;
      await clock.sleep(lookMs);
    }
    const workers = (await processesIn(place.folder)).filter(({ role }) => role === 'worker');
    const before = new Set(workers.map(({ pid }) => pid));
    const from = await sizeOf(logFile);
    process.kill(record.pid, 'SIGHUP');
    for (let waited = 0; waited < reloadMs; waited += lookMs) {
      await clock.sleep(lookMs);
      const running = await runningAt(socket);
      // One after it will do: another's change came right behind.
      if (running === undefined || running.number < table.number) continue;
      const now = await processesIn(place.folder);
      if (!now.some(({ pid, role }) => role === 'worker' && before.has(pid))) return;
    }
    throw new OrchestraError(
      'router-late',
      `nginx did not take over the configuration ${table.number} within ${reloadMs / 1000} s`,
      {
        hint: `What is in force is what it says when it is asked again. Its log says more: ${logFile}`,
        details: { log: await tailOf(logFile, 5, from) },
      },
    );
  } finally {
    await switches.keepUsers();
  }
}
