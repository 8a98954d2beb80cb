import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { ProcessIdentity } from '../src/ports/processes.ts';

const identity = z.object({ pid: z.number().int().positive(), startTime: z.string().min(1) });
const holder = z.object({ conductor: identity });
const started = identity.extend({ type: z.literal('conductor.started') });

/** Folders of a state directory that hold users' files, not records. */
const notRecords = new Set([
  'worktrees',
  'install-cache',
  'caches',
  'cache',
  'logs',
  'data',
  'node_modules',
  '.git',
]);

function filesBelow(folder: string): string[] {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) return notRecords.has(entry.name) ? [] : filesBelow(full);
    return entry.isFile() ? [full] : [];
  });
}

function documentsOf(file: string): unknown[] {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // It went away while it was looked at: what it named is ending already.
    return [];
  }
  const parts = file.endsWith('.ndjson') ? text.split('\n') : [text];
  return parts.flatMap((part): unknown[] => {
    try {
      return [JSON.parse(part)];
    } catch {
      // An empty or half-written line names nobody; the others still count.
      return [];
    }
  });
}

/** Every process that the records of a deployment memory and a state directory name: conductors first, then the rest. */
export function startedProcesses(options: { state: string; memory: string }): ProcessIdentity[] {
  const conductors: ProcessIdentity[] = [];
  const others: ProcessIdentity[] = [];
  const files = [...filesBelow(options.state), ...filesBelow(path.join(options.memory, 'current'))];
  for (const file of files.filter((name) => /\.(json|ndjson)$/.test(name))) {
    for (const document of documentsOf(file)) {
      const event = started.safeParse(document);
      const held = holder.safeParse(document);
      const plain = identity.safeParse(document);
      if (event.success) conductors.push({ pid: event.data.pid, startTime: event.data.startTime });
      else if (held.success) conductors.push(held.data.conductor);
      else if (plain.success && /\/((ha)?proxy|instances\/[^/]+)\.json$/.test(file)) others.push(plain.data);
    }
  }
  return [...conductors, ...others];
}
