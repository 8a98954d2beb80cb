import path from 'node:path';
import { z } from 'zod';
import { OrchestraError } from '../../../src/domain/errors.ts';
import { identify, isAlive } from '../../runtime/processes.ts';
import { findState, writeState } from '../../runtime/state-file.ts';
import { folderOf as environmentFolder } from '../embedded/control-client.ts';
import { processesIn } from './processes.ts';

const recordSchema = z.object({
  pid: z.number().int().positive(),
  /** The kernel's start time of that pid, so that a recycled pid is never taken for nginx. */
  startTime: z.string(),
  host: z.string(),
  port: z.number().int(),
});
/** How to find a running nginx's master: `<stateDir>/env/<env>/nginx/nginx.json`. */
export type NginxRecord = z.infer<typeof recordSchema>;

/** All that nginx has stands here. Throws code `bad-environment` for a name that could leave it. */
export function folderOf(stateDir: string, environment: string): string {
  return path.join(environmentFolder(stateDir, environment), 'nginx');
}

export const recordFile = (folder: string): string => path.join(folder, 'nginx.json');

export function writeRecord(folder: string, record: NginxRecord): Promise<void> {
  return writeState(recordFile(folder), record);
}

/** The record of the environment's nginx, if that very master still runs. */
export async function findNginx(folder: string): Promise<NginxRecord | undefined> {
  const found = await findState(recordFile(folder), recordSchema);
  return found.kind === 'value' && isAlive(found.value) ? found.value : undefined;
}

/** `findNginx`, for calls that make no sense without one. Throws code `router-down`. */
export async function requireNginx(folder: string): Promise<NginxRecord> {
  const record = await findNginx(folder);
  if (record) return record;
  const environment = path.basename(path.dirname(folder));
  throw new OrchestraError('router-down', `no nginx runs for ${environment}`, {
    hint: 'A deployment starts it again with its last routes.',
    details: { environment },
  });
}

/** A master of this folder that nobody recorded, for who started it died first. */
export async function findUnrecorded(
  folder: string,
  listening: Pick<NginxRecord, 'host' | 'port'>,
): Promise<NginxRecord | undefined> {
  for (const { pid, role } of await processesIn(folder)) {
    const identity = role === 'master' ? identify(pid) : undefined;
    if (identity) return { ...identity, ...listening };
  }
  return undefined;
}
