import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { listProcesses, parsePs, parseStat } from '../../../providers/runtime/process-table.ts';
import {
  endExactly,
  endGroup,
  identify,
  isAlive,
  systemProcesses,
} from '../../../providers/runtime/processes.ts';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0))
    if (child.pid)
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        /* ended */
      }
});

function start(command: string) {
  const child = spawn('/bin/sh', ['-c', command], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  started.push(child);
  const identity = identify(child.pid ?? 0);
  if (!identity) throw new Error('not started');
  return { child, identity };
}

describe('the identity of a process', () => {
  it('is read right from a command name with spaces and brackets', () => {
    const fields = Array.from({ length: 30 }, (_, i) => String(i + 10)).join(' ');
    expect(parseStat(42, `42 (evil) S 1 (x) R 7 99 ${fields}`, 'boot')).toEqual({
      pid: 42,
      group: 99,
      startTime: '26@boot',
      zombie: false,
    });
  });

  it('is read from ps where there is no /proc', () => {
    expect(parsePs('  501   77 Ss+  Mon Jan  5 10:00:01 2026    ')).toEqual({
      pid: 501,
      group: 77,
      startTime: 'Mon Jan 5 10:00:01 2026',
      zombie: false,
    });
    expect(parsePs('1 1 Z Mon Jan  5 10:00:01 2026')?.zombie).toBe(true);
  });

  it('stays the same while the process runs and is another’s for another start time', () => {
    const { identity } = start('sleep 60');
    expect(identify(identity.pid)).toEqual(identity);
    expect(isAlive(identity)).toBe(true);
    expect(isAlive({ ...identity, startTime: '1@other' })).toBe(false);
  });

  it('of this very process is known and alive', () => {
    const self = systemProcesses.self();
    expect(self).toEqual(identify(process.pid));
    expect(systemProcesses.isAlive(self)).toBe(true);
  });

  it('does not take a zombie for a running process', async () => {
    const { child, identity } = start('sleep 0.1 & echo $!; exec sleep 60');
    const [line] = await once(child.stdout ?? child, 'data');
    const pid = Number(String(line));
    await expect.poll(() => identify(pid), { timeout: 5000 }).toBeUndefined();
    // Its parent never waits for it, so the kernel still has it.
    expect(() => process.kill(pid, 0)).not.toThrow();
    expect(isAlive(identity)).toBe(true);
  });
});

describe('ending a group', () => {
  it('ends every member, those that ignore SIGTERM by SIGKILL', async () => {
    const { child, identity } = start(
      `trap '' TERM; sleep 60 & sleep 60 & echo ready; while :; do sleep 60; done`,
    );
    await once(child.stdout ?? child, 'data');
    await endGroup(identity, 100);
    expect(isAlive(identity)).toBe(false);
    expect(listProcesses().filter((row) => row.group === identity.pid && !row.zombie)).toEqual([]);
  });

  it('lets a process end in its own way when it does so in time', async () => {
    const { child, identity } = start(
      `trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done`,
    );
    await once(child.stdout ?? child, 'data');
    const exit = once(child, 'exit');
    await endGroup(identity, 10_000);
    expect(await exit).toEqual([3, null]);
  });

  it('never touches a process that only has the pid', async () => {
    const { identity } = start('sleep 60');
    await endGroup({ ...identity, startTime: '1@other' }, 50);
    await endGroup({ ...identity, startTime: '1@other' }, 50, true);
    expect(isAlive(identity)).toBe(true);
  });

  it('does nothing for a process that is gone', async () => {
    const { identity } = start('sleep 60');
    await endGroup(identity, 1000);
    await endGroup(identity, 1000);
    expect(isAlive(identity)).toBe(false);
  });

  it('ends one that was stopped', async () => {
    const { identity } = start('sleep 60');
    process.kill(-identity.pid, 'SIGSTOP');
    await endGroup(identity, 10_000);
    expect(isAlive(identity)).toBe(false);
  });
});

describe('W5 ending exactly one process', () => {
  it('ends one that is stopped, and nothing else of its group', async () => {
    const { child, identity } = start('sleep 60 & echo $!; wait');
    const [data]: unknown[] = child.stdout ? await once(child.stdout, 'data') : [];
    const other = identify(Number(String(data)));
    if (!other) throw new Error('its child does not run');
    process.kill(identity.pid, 'SIGSTOP');
    await expect(endExactly(identity)).resolves.toBe(true);
    expect([isAlive(identity), isAlive(other)]).toEqual([false, true]);
    await expect(endExactly(identity)).resolves.toBe(true);
  });

  it('never touches a process that only has the pid, and never itself', async () => {
    const { identity } = start('sleep 60');
    await expect(endExactly({ ...identity, startTime: 'earlier' })).resolves.toBe(true);
    expect(isAlive(identity)).toBe(true);
    await expect(endExactly(systemProcesses.self())).resolves.toBe(false);
  });
});
