import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../../src/ports/processes.ts';
import { groupOf } from './processes.ts';

/**
 * The memory that a process group holds, in bytes: the resident sizes of its processes added up, so that what they share
 * counts for each. Undefined when none of them can be seen.
 */
export function memoryOf(leader: ProcessIdentity): number | undefined {
  const sizes = groupOf(leader).flatMap(({ pid }) => residentKb(pid) ?? []);
  return sizes.length === 0 ? undefined : 1024 * sizes.reduce((sum, kb) => sum + kb, 0);
}

function residentKb(pid: number): number | undefined {
  const text =
    process.platform === 'linux'
      ? /^VmRSS:\s*(\d+) kB$/mu.exec(read(`/proc/${pid}/status`))?.[1]
      : ps(pid).trim();
  const kb = Number(text);
  return text && Number.isFinite(kb) ? kb : undefined;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function ps(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 2000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}
