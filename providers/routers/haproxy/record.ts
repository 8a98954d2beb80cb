import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { OrchestraError } from '../../../src/domain/errors.ts';
import { identify, isAlive } from '../../runtime/processes.ts';
import { findState, writeState } from '../../runtime/state-file.ts';
import { runsFor } from '../embedded/port-owner.ts';
import { command } from './runtime-api.ts';

const recordSchema = z.object({
  pid: z.number().int().positive(),
  /** The kernel's start time of that pid, so that a recycled pid is never taken for HAProxy. */
  startTime: z.string(),
  /** The Runtime API's socket; absolute. */
  socket: z.string(),
  host: z.string(),
  port: z.number().int(),
});
/** How to find a running HAProxy: `<stateDir>/env/<env>/haproxy.json`. */
export type HaproxyRecord = z.infer<typeof recordSchema>;

/** A name for a new socket: two starts at once must not take each other's away. Short, for paths of sockets are. */
export function socketName(): string {
  return `ha-${randomBytes(4).toString('hex')}.sock`;
}

export function isSocketName(name: string): boolean {
  return /^ha-[0-9a-f]{8}\.sock$/.test(name);
}

const recordFile = (folder: string) => path.join(folder, 'haproxy.json');

export function writeRecord(folder: string, record: HaproxyRecord): Promise<void> {
  return writeState(recordFile(folder), record);
}

/** The record of the environment's HAProxy, if that very process still runs. */
export async function findHaproxy(folder: string): Promise<HaproxyRecord | undefined> {
  const found = await findState(recordFile(folder), recordSchema);
  return found.kind === 'value' && isAlive(found.value) ? found.value : undefined;
}

/** `findHaproxy`, for calls that make no sense without one. Throws code `router-down`. */
export async function requireHaproxy(folder: string): Promise<HaproxyRecord> {
  const record = await findHaproxy(folder);
  if (record) return record;
  throw new OrchestraError('router-down', `no HAProxy runs for ${path.basename(folder)}`, {
    hint: 'A deployment starts it again with its last routes.',
    details: { environment: path.basename(folder) },
  });
}

/** Who answers at a socket: HAProxy's pid; undefined when nobody does. */
export async function pidAt(socket: string): Promise<number | undefined> {
  const said = await command(socket, ['show', 'info']).catch(() => '');
  const [, pid] = /^Pid: (\d+)$/m.exec(said) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

/** An HAProxy of this folder that nobody recorded, for who started it died first; found by its socket. */
export async function findUnrecorded(
  folder: string,
  listening: Pick<HaproxyRecord, 'host' | 'port'>,
): Promise<HaproxyRecord | undefined> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter(isSocketName)) {
    const socket = path.join(folder, name);
    const pid = await pidAt(socket);
    const identity = pid === undefined ? undefined : identify(pid);
    if (identity && (await runsFor(pid, folder))) return { ...identity, socket, ...listening };
  }
  return undefined;
}
