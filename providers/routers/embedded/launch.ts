import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, OrchestraError } from '../../../src/domain/errors.ts';
import { safeLines } from '../../../src/domain/safe-text.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { type StartMessage, startMessageSchema } from './protocol.ts';

const startTimeoutMs = 20_000;
const keptLogBytes = 5 * 1024 * 1024;

export interface Launch {
  entry: string;
  folder: string;
  host: string;
  port: number;
  deadManMs: number | undefined;
  clock: Clock;
}

/**
 * Starts a proxy that outlives this process (own session, output to `proxy.log`) and waits for its first word.
 * Gives what it said; throws code `router-failed` with its last log lines when it said nothing.
 */
export async function launchProxy(options: Launch): Promise<StartMessage> {
  const { entry, folder, host, port, deadManMs, clock } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const logFile = path.join(folder, 'proxy.log');
  const before = await stat(logFile).catch(() => undefined);
  if (before && before.size > keptLogBytes) await rename(logFile, `${logFile}.1`);
  const log = await open(logFile, 'a', 0o600);
  const args = [entry, '--folder', folder, '--host', host, '--port', String(port)];
  if (deadManMs !== undefined) args.push('--dead-man-ms', String(deadManMs));
  const child = spawn(process.execPath, args, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
    env: { PATH: process.env['PATH'] ?? '' },
  });
  await log.close();
  const waiting = new AbortController();
  const said = new Promise<StartMessage | undefined>((resolve) => {
    child.once('message', (message) => resolve(startMessageSchema.safeParse(message).data));
    child.once('exit', () => resolve(undefined));
    child.once('error', () => resolve(undefined));
  });
  const late = clock.sleep(startTimeoutMs, waiting.signal).catch(() => {});
  const message = await Promise.race([said, late]);
  waiting.abort(new Error('answered'));
  if (child.connected) child.disconnect();
  child.unref();
  if (message) return message;
  child.kill('SIGKILL');
  throw new OrchestraError('router-failed', `the proxy for ${host}:${port} did not start`, {
    hint: `Its log says why: ${logFile}`,
    details: { log: await tail(logFile) },
  });
}

async function tail(file: string): Promise<string[]> {
  try {
    return safeLines((await readFile(file, 'utf8')).trimEnd()).slice(-20);
  } catch (error) {
    return [messageOf(error)];
  }
}
