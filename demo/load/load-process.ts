import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { identify, identifyChild, isAlive } from '../../providers/runtime/processes.ts';
import type { ProcessIdentity } from '../../src/ports/processes.ts';

const statsSchema = z.object({
  pid: z.number().int(),
  startTime: z.string(),
  sent: z.number(),
  failed: z.number(),
  lastSecond: z.object({ sent: z.number(), failed: z.number(), p95Ms: z.number().nullable() }),
  lastFailure: z.string().nullable(),
});

/** What the load generator of a demo folder last wrote; undefined when it never ran. */
export function readLoad(folder: string): z.infer<typeof statsSchema> | undefined {
  try {
    return statsSchema.parse(JSON.parse(readFileSync(path.join(folder, 'load.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Starts the load generator as a process of its own that outlives this one, unless the folder's already runs; with
 * `boundToMe` it ends when this process does. `program` is the built `load.js`.
 */
export function ensureLoad(options: {
  program: string;
  folder: string;
  url: string;
  boundToMe: boolean;
}): ProcessIdentity {
  const before = readLoad(options.folder);
  if (before && isAlive(before)) return before;
  const args = ['--url', options.url, '--stats', path.join(options.folder, 'load.json')];
  if (options.boundToMe) args.push('--parent', `${process.pid}:${identify(process.pid)?.startTime ?? ''}`);
  const log = openSync(path.join(options.folder, 'load.log'), 'a');
  const child = spawn(process.execPath, [options.program, ...args], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  if (child.pid === undefined) throw new Error('the load generator could not be started');
  return identifyChild(child.pid);
}
