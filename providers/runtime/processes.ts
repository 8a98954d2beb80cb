import { setTimeout as wait } from 'node:timers/promises';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { ProcessIdentity, Processes } from '../../src/ports/processes.ts';
import { hasCode } from './errno.ts';
import { listProcesses, processesWith, readProcess, type ProcessRow } from './process-table.ts';

/** After SIGKILL the kernel needs moments; a process stuck in the kernel longer than this is reported. */
const killedWithinMs = 5000;

/** The identity of the process that has this pid now; undefined when there is none, or only a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const row = readProcess(pid);
  return row && !row.zombie ? { pid, startTime: row.startTime } : undefined;
}

/**
 * The identity of this process or of a child it has just started, even one that has ended since and waits to be reaped.
 * Throws code `process-hidden`.
 */
export function identifyChild(pid: number): ProcessIdentity {
  const row = readProcess(pid);
  if (!row)
    throw new OrchestraError('process-hidden', `the system does not show process ${pid}, which runs`, {
      hint: "Mount /proc without hiding a user's own processes, or install `ps`.",
    });
  return { pid, startTime: row.startTime };
}

/** Whether exactly this process still runs; a zombie and a recycled pid do not count. */
export function isAlive(identity: ProcessIdentity): boolean {
  const row = readProcess(identity.pid);
  return row !== undefined && !row.zombie && row.startTime === identity.startTime;
}

/** The machine's processes, for who only asks. Throws code `process-hidden` where the system shows none. */
export const systemProcesses: Processes = { self: () => identifyChild(process.pid), isAlive };

/**
 * What still runs of the group this process leads or led. A group keeps its number from being given out again
 * while it has members, so a leader that is gone means the group is its own; a leader with another start time
 * means the number was given out again.
 */
export function groupOf(identity: ProcessIdentity): ProcessRow[] {
  const leader = readProcess(identity.pid);
  if (leader && leader.startTime !== identity.startTime) return [];
  try {
    process.kill(-identity.pid, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return [];
  }
  return listProcesses().filter((row) => row.group === identity.pid && !row.zombie);
}

/** Sends a signal; a target that is already gone is no error. A negative pid names a group. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH') && !hasCode(error, 'EPERM')) throw error;
  }
}

async function until(done: () => boolean, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  for (let pause = 5; ; pause = Math.min(pause * 2, 100)) {
    if (done()) return true;
    const left = deadline - performance.now();
    if (left <= 0) return false;
    await wait(Math.min(pause, left));
  }
}

async function end(find: () => number[], termMs: number, what: string): Promise<void> {
  const signalAll = (signal: NodeJS.Signals) => {
    for (const target of find()) send(target, signal);
  };
  signalAll('SIGTERM');
  // A stopped process takes the SIGTERM only once it goes on.
  signalAll('SIGCONT');
  if (await until(() => find().length === 0, termMs)) return;
  const ended = await until(() => {
    signalAll('SIGKILL');
    return find().length === 0;
  }, killedWithinMs);
  if (!ended)
    throw new OrchestraError(
      'process-stays',
      `${what} did not end, not even by SIGKILL: ${find().join(', ')}`,
      {
        hint: 'It hangs in the kernel (a dead disk or network mount?) or belongs to another user; end it by hand.',
      },
    );
}

/**
 * Ends the process group that `identity` leads: SIGTERM, then SIGKILL after `termMs`. Does nothing where the pid is
 * another process by now. Where the leader is gone already, only `leaderKnownGone` says that the group is its own.
 */
export async function endGroup(
  identity: ProcessIdentity,
  termMs: number,
  leaderKnownGone = false,
): Promise<void> {
  const leader = readProcess(identity.pid);
  if (leader ? leader.startTime !== identity.startTime : !leaderKnownGone) return;
  await end(
    () => (groupOf(identity).length > 0 ? [-identity.pid] : []),
    termMs,
    `the process group ${identity.pid}`,
  );
}

/**
 * Ends every process started with these variables in its environment, wherever it fled to: SIGTERM, then SIGKILL
 * after `termMs`. How many there were.
 */
export async function endAllWith(variables: Record<string, string>, termMs: number): Promise<number> {
  const find = () =>
    processesWith(variables)
      .map((row) => row.pid)
      .filter((pid) => pid !== process.pid);
  const count = find().length;
  if (count > 0) await end(find, termMs, `what was started with ${Object.keys(variables).join(', ')}`);
  return count;
}

/**
 * Ends exactly this process, and nothing of its group, with SIGKILL, also one that is stopped; whether it is gone. Does nothing where
 * the pid is another process by now.
 */
export async function endExactly(identity: ProcessIdentity): Promise<boolean> {
  if (identity.pid === process.pid || !isAlive(identity)) return identity.pid !== process.pid;
  send(identity.pid, 'SIGKILL');
  return until(() => !isAlive(identity), killedWithinMs);
}
