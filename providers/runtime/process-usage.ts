import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../../src/ports/processes.ts';
import type { Usage } from '../../src/ports/platform.ts';
import { groupOf } from './processes.ts';

/** The kernel counts processor time in hundredths of a second for everybody who reads it (proc(5), `sysconf(_SC_CLK_TCK)`). */
const tickMs = 10;

/**
 * What the processes of a group have used of the machine so far: processor time, and of the files that one of them may open,
 * the share of the one nearest to its limit. Undefined where the machine does not show that (no `/proc`).
 */
export function usageOf(leader: ProcessIdentity): Usage | undefined {
  if (process.platform !== 'linux') return undefined;
  const all = groupOf(leader).flatMap(({ pid }) => usageOfOne(pid) ?? []);
  if (all.length === 0) return undefined;
  const files = all.flatMap(({ openFiles }) => openFiles ?? []);
  const nearest = files.toSorted((a, b) => b.open / b.limit - a.open / a.limit)[0];
  return {
    cpuMs: all.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    ...(nearest ? { openFiles: nearest } : {}),
  };
}

function usageOfOne(pid: number): Usage | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Field numbers of proc(5), counted from the state, which is the third.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const cpuMs = tickMs * (Number(fields[14 - 3]) + Number(fields[15 - 3]));
    if (!Number.isFinite(cpuMs)) return undefined;
    const openFiles = filesOf(pid);
    return { cpuMs, ...(openFiles ? { openFiles } : {}) };
  } catch {
    return undefined;
  }
}

function filesOf(pid: number): Usage['openFiles'] {
  try {
    const limits = readFileSync(`/proc/${pid}/limits`, 'latin1');
    const limit = Number(/^Max open files\s+(\d+)/mu.exec(limits)?.[1]);
    const open = readdirSync(`/proc/${pid}/fd`).length;
    return limit > 0 ? { open, limit } : undefined;
  } catch {
    return undefined;
  }
}
