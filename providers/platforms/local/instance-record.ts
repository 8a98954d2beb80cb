import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { versionSchema } from '../../../src/domain/event.ts';
import { readState } from '../../runtime/state-file.ts';

/** What is written down of a started process, at once, so that whoever comes after a crash finds it. */
const instanceRecordSchema = z.object({
  schema: z.literal('orchestra/instance@1'),
  version: versionSchema,
  pid: z.number().int().positive(),
  startTime: z.string(),
  port: z.number().int(),
  log: z.string(),
  /** Size of the log when the process started, bytes. */
  logFrom: z.number(),
  startedAt: z.iso.datetime(),
  stopTimeoutMs: z.number(),
  /** Which copy of its version it is, from 1. */
  copy: z.number().int().positive().default(1),
});
export type InstanceRecord = z.infer<typeof instanceRecordSchema>;

/** Every instance record in a folder, running or not, copy after copy of each version; what does not parse is left out, its process is found by its mark. */
export async function readInstanceRecords(folder: string): Promise<InstanceRecord[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    return [];
  }
  const records: InstanceRecord[] = [];
  for (const name of names.filter((name) => name.endsWith('.json')).sort()) {
    const record = await readInstanceRecord(join(folder, name));
    if (record) records.push(record);
  }
  return records.sort((a, b) => compareShas(a, b) || a.copy - b.copy);
}

function compareShas(a: InstanceRecord, b: InstanceRecord): number {
  return a.version.sha < b.version.sha ? -1 : Number(a.version.sha > b.version.sha);
}

/** One instance record; undefined where there is none or none that parses. */
export async function readInstanceRecord(path: string): Promise<InstanceRecord | undefined> {
  try {
    return await readState(path, instanceRecordSchema);
  } catch {
    return undefined;
  }
}
