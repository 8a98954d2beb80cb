import { spawn } from 'node:child_process';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { OrchestraError, exitCode } from '../../../src/domain/errors.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { writeFileAtomic } from '../../runtime/atomic-file.ts';
import { prepareLog, tailOf } from '../../runtime/log-file.ts';
import { identifyChild } from '../../runtime/processes.ts';
import { configuration, mapFile } from './configuration.ts';
import { programPath, requireProgram } from './program.ts';
import { type HaproxyRecord, isSocketName, pidAt, socketName, writeRecord } from './record.ts';
import { mapLines } from './route-map.ts';
import type { Table } from './table.ts';

const startTimeoutMs = 20_000;
/** `sun_path` holds 108 bytes with its end (unix(7)). HAProxy binds the name within its folder, only who asks needs the whole. */
const longestSocketPath = 107;

export interface Launch {
  folder: string;
  host: string;
  port: number;
  /** What it routes from its first request on. */
  table: Table;
  deadManMs: number;
  clock: Clock;
}

/**
 * Starts an HAProxy that outlives this process (own session, output to `haproxy.log`) and waits until its Runtime API
 * answers; `taken` when its port is. Throws `router-missing` (78), or `router-failed` with its last lines.
 */
export async function launchHaproxy(options: Launch): Promise<HaproxyRecord | 'taken'> {
  const { folder, host, port, table, deadManMs, clock } = options;
  await requireProgram();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = socketName();
  const socket = path.join(folder, name);
  if (Buffer.byteLength(socket) > longestSocketPath) {
    throw new OrchestraError('path-too-long', `${socket} is too long for the name of a socket`, {
      hint: 'Set ORCHESTRA_STATE_DIR to a folder with a shorter path.',
      exit: exitCode.config,
    });
  }
  await writeFileAtomic(path.join(folder, mapFile), `${mapLines(table, deadManMs).join('\n')}\n`, {
    mode: 0o600,
  });
  const text = configuration({ host, port, socket: name, threads: threads() }, table);
  await writeFileAtomic(path.join(folder, 'haproxy.cfg'), text, { mode: 0o600 });

  const logFile = path.join(folder, 'haproxy.log');
  const from = await prepareLog(logFile);
  const log = await open(logFile, 'a', 0o600);
  // The folder stands among its arguments: so its owner is known even when every record is lost.
  const child = spawn('haproxy', ['-db', '-C', folder, '-f', 'haproxy.cfg'], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: { PATH: programPath },
  });
  await log.close();
  let over = false;
  child.once('exit', () => (over = true));
  child.once('error', () => (over = true));
  child.unref();
  const { pid } = child;
  for (let waited = 0; pid !== undefined && !over && waited < startTimeoutMs; waited += 20) {
    if ((await pidAt(socket)) === pid) {
      const record = { ...identifyChild(pid), socket, host, port };
      await writeRecord(folder, record);
      await removeOtherSockets(folder, name);
      return record;
    }
    await clock.sleep(20);
  }
  child.kill('SIGKILL');
  const lines = await tailOf(logFile, 20, from);
  await rm(socket, { force: true });
  if (lines.some((line) => line.includes('Address already in use'))) return 'taken';
  throw new OrchestraError('router-failed', `HAProxy for ${host}:${port} did not start`, {
    hint: `Its log says why: ${logFile}`,
    details: { log: lines },
  });
}

/**
 * Half the machine's processors: the versions run on it too. With as many threads as processors, a thread that waits for its
 * turn holds up the others (2 busy cores: 10,000 to 17,000 requests a second with two threads, 14,000 to 17,000 with one).
 */
function threads(): number {
  return Math.min(64, Math.max(1, Math.floor(availableParallelism() / 2)));
}

/** Sockets of HAProxys that ran before; nobody answers there. */
async function removeOtherSockets(folder: string, name: string): Promise<void> {
  for (const other of await readdir(folder)) {
    if (!isSocketName(other) || other === name) continue;
    const socket = path.join(folder, other);
    if ((await pidAt(socket)) === undefined) await rm(socket, { force: true });
  }
}
