import { execFile, spawn } from 'node:child_process';
import { readFile, rename, rm } from 'node:fs/promises';
import { availableParallelism, userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { OrchestraError, exitCode } from '../../../src/domain/errors.ts';
import { safeLines } from '../../../src/domain/safe-text.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { writeFileAtomic } from '../../runtime/atomic-file.ts';
import { prepareLog, tailOf } from '../../runtime/log-file.ts';
import { identifyChild } from '../../runtime/processes.ts';
import { configuration, files } from './configuration.ts';
import { runningAt } from './control.ts';
import { programPath, requireProgram } from './program.ts';
import { type NginxRecord, writeRecord } from './record.ts';
import type { Table } from './table.ts';

const startTimeoutMs = 20_000;
const testMs = 10_000;
/** `sun_path` holds 108 bytes with its end (unix(7)). nginx binds the name within its folder, only who asks needs the whole. */
const longestSocketPath = 107;
export const socketName = 'ng.sock';

export interface Place {
  folder: string;
  host: string;
  port: number;
  /** Whether moments of the dead man's switch are tenths of a second. */
  tenths: boolean;
}

const argumentsIn = (folder: string, file: string) => ['-p', `${folder}/`, '-e', files.errors, '-c', file];

/**
 * Writes the table's configuration and has nginx read it before it takes the place of the one in force. Throws code
 * `router-refused` with what nginx says; then the old one stays.
 */
export async function prepareConfiguration(place: Place, table: Table): Promise<void> {
  const { folder, host, port, tenths } = place;
  // Each has its own, so that two at once do not test each other's.
  const next = `${files.configuration}.${table.number}.${process.pid}`;
  const listening = { host, port, socket: socketName, workers: workers(), tenths, ...ownUser() };
  await writeFileAtomic(path.join(folder, next), configuration(listening, table), { mode: 0o600 });
  try {
    const options = { cwd: folder, env: { PATH: programPath }, timeout: testMs };
    await promisify(execFile)('nginx', [...argumentsIn(folder, next), '-t', '-q'], options);
  } catch (error) {
    await rm(path.join(folder, next), { force: true });
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new OrchestraError(
      'router-refused',
      'nginx refused the configuration; the one before is in force',
      {
        hint: 'What nginx says is in `details`; `nginx.conf` in the environment’s folder is the one in force.',
        details: { nginx: safeLines(said.trim()).slice(-5) },
      },
    );
  }
  await rename(path.join(folder, next), path.join(folder, files.configuration));
}

/**
 * Starts an nginx that outlives this process (own session), with the configuration in place, and waits until it answers;
 * `taken` when its port is. Throws `router-missing` (78), or `router-failed` with its last lines.
 */
export async function launchNginx(place: Place, table: Table, clock: Clock): Promise<NginxRecord | 'taken'> {
  const { folder, host, port } = place;
  await requireProgram();
  const socket = path.join(folder, socketName);
  if (Buffer.byteLength(socket) > longestSocketPath) {
    throw new OrchestraError('path-too-long', `${socket} is too long for the name of a socket`, {
      hint: 'Set ORCHESTRA_STATE_DIR to a folder with a shorter path.',
      exit: exitCode.config,
    });
  }
  await prepareConfiguration(place, table);
  await rm(socket, { force: true });
  const logFile = path.join(folder, files.errors);
  const from = await prepareLog(logFile);
  const child = spawn('nginx', argumentsIn(folder, files.configuration), {
    cwd: folder,
    detached: true,
    stdio: 'ignore',
    env: { PATH: programPath },
  });
  let over = false;
  child.once('exit', () => (over = true));
  child.once('error', () => (over = true));
  child.unref();
  const { pid } = child;
  for (let waited = 0; pid !== undefined && !over && waited < startTimeoutMs; waited += 20) {
    if ((await pidIn(folder)) === pid && (await runningAt(socket))) {
      const record = { ...identifyChild(pid), host, port };
      await writeRecord(folder, record);
      return record;
    }
    await clock.sleep(20);
  }
  child.kill('SIGKILL');
  const lines = await tailOf(logFile, 20, from);
  if (lines.some((line) => line.includes('Address already in use'))) return 'taken';
  throw new OrchestraError('router-failed', `nginx for ${host}:${port} did not start`, {
    hint: `Its log says why: ${logFile}`,
    details: { log: lines },
  });
}

/** The master's pid as nginx wrote it down. */
async function pidIn(folder: string): Promise<number> {
  return Number((await readFile(path.join(folder, files.pid), 'latin1').catch(() => '')).trim());
}

/** Half the machine's processors: the versions run on it too. */
function workers(): number {
  return Math.min(32, Math.max(1, Math.floor(availableParallelism() / 2)));
}

/** Workers of a master that is root would be nobody's, who may not look into the folder. */
function ownUser(): { user?: string } {
  if (process.getuid?.() !== 0) return {};
  const { username } = userInfo();
  return /^[A-Za-z_][A-Za-z0-9_-]{0,31}$/.test(username) ? { user: username } : {};
}
