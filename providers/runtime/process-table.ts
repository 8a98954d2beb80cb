import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** One process as the kernel tells it. `startTime` never repeats for the same pid, not even after a restart of the machine. */
export interface ProcessRow {
  pid: number;
  group: number;
  startTime: string;
  /** Ended, and only waiting for its parent to take notice. */
  zombie: boolean;
}

/** `/proc/<pid>/stat` without its command name, which may hold spaces and `)`; field numbers of proc(5). */
export function parseStat(pid: number, stat: string, boot: string): ProcessRow | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, , group] = fields;
  const ticks = fields[22 - 3];
  if (state === undefined || group === undefined || ticks === undefined) return undefined;
  return {
    pid,
    group: Number(group),
    startTime: `${ticks}@${boot}`,
    zombie: state === 'Z' || state === 'X' || state === 'x',
  };
}

/** One line of `ps -o pid=,pgid=,stat=,lstart=`. */
export function parsePs(line: string): ProcessRow | undefined {
  const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S.*?)\s*$/.exec(line);
  if (!match) return undefined;
  const [, pid, group, state, started] = match;
  return {
    pid: Number(pid),
    group: Number(group),
    startTime: started?.replaceAll(/\s+/g, ' ') ?? '',
    zombie: state?.startsWith('Z') ?? false,
  };
}

const procfs = process.platform === 'linux';
let bootId: string | undefined;

function boot(): string {
  bootId ??= readText('/proc/sys/kernel/random/boot_id')?.slice(0, 8) ?? 'unknown';
  return bootId;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

function ps(selection: string[]): ProcessRow[] {
  let text: string;
  try {
    text = execFileSync('ps', ['-o', 'pid=,pgid=,stat=,lstart=', ...selection], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => parsePs(line) ?? []);
}

/** The process with this pid now, zombies included; undefined when there is none. */
export function readProcess(pid: number): ProcessRow | undefined {
  if (!procfs) return ps(['-p', String(pid)])[0];
  const stat = readText(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : parseStat(pid, stat, boot());
}

function pids(): number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? Number(name) : []));
}

/** Every process of the machine that can be seen, zombies included. */
export function listProcesses(): ProcessRow[] {
  if (!procfs) return ps(['-A']);
  return pids().flatMap((pid) => readProcess(pid) ?? []);
}

/**
 * The running processes that were started with all of these variables in their environment, children that left
 * their group included. Empty where the machine does not show environments (no `/proc`).
 */
export function processesWith(variables: Record<string, string>): ProcessRow[] {
  if (!procfs) return [];
  const wanted = Object.entries(variables).map(([name, value]) =>
    Buffer.from(`${name}=${value}`).toString('latin1'),
  );
  return pids().flatMap((pid) => {
    const environment = readText(`/proc/${pid}/environ`);
    if (!environment) return [];
    const entries = new Set(environment.split('\0'));
    if (!wanted.every((entry) => entries.has(entry))) return [];
    const row = readProcess(pid);
    return row && !row.zombie ? [row] : [];
  });
}
