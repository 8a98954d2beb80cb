import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../providers/runtime/processes.ts';
import type { ProcessIdentity } from '../src/ports/processes.ts';

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
export async function endProcesses(records: readonly ProcessIdentity[], graceMs = 6000): Promise<void> {
  let left = records.filter(isAlive);
  for (const { pid } of left) signal(pid, 'SIGTERM');
  const until = Date.now() + graceMs;
  while (left.length > 0 && Date.now() < until) {
    await sleep(50);
    left = left.filter(isAlive);
  }
  for (const { pid } of left) signal(pid, 'SIGKILL');
}
