import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process for certain: its pid and when the kernel says it started. */
export interface ProcessRecord {
  pid: number;
  startTime: string;
}

/** When the process with this pid started, as the system tells it; undefined when none runs (a zombie does not). */
export function startTimeOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The program's name may hold spaces and parentheses; the fields after it cannot (proc(5)).
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  try {
    const env = { ...process.env, LC_ALL: 'C' };
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { env, encoding: 'utf8' });
    const [, state, started] = /^\s*(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
    return state?.startsWith('Z') ? undefined : started?.replaceAll(/\s+/g, ' ');
  } catch {
    return undefined;
  }
}

/** Whether exactly this process still runs. A record may add the machine's boot after the start time, behind an `@`. */
export function isAlive({ pid, startTime }: ProcessRecord): boolean {
  const now = startTimeOf(pid);
  return now !== undefined && now === startTime.replaceAll(/\s+/g, ' ').split('@')[0];
}

function signal(pid: number, name: NodeJS.Signals): void {
  // A process that was started detached leads a group of its own, its children with it.
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, name);
      return;
    } catch {
      // No such group: try the process alone. No such process: it is gone, which is what was wanted.
    }
  }
}

/** Ends processes: SIGTERM to each one's group, SIGKILL to what still runs after `graceMs`. Others' pids are left alone. */
export async function endProcesses(records: readonly ProcessRecord[], graceMs = 6000): Promise<void> {
  let left = records.filter(isAlive);
  for (const { pid } of left) signal(pid, 'SIGTERM');
  const until = Date.now() + graceMs;
  while (left.length > 0 && Date.now() < until) {
    await sleep(50);
    left = left.filter(isAlive);
  }
  for (const { pid } of left) signal(pid, 'SIGKILL');
}
