import { readdir, readFile, readlink } from 'node:fs/promises';

/** The pid that listens on a TCP port of this machine, where Linux lets us see it; undefined otherwise. */
export async function ownerOfPort(port: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  const names = await readdir('/proc');
  for (const pid of names.filter((name) => /^\d+$/.test(name))) {
    const handles = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const targets = await Promise.all(
      handles.map((handle) => readlink(`/proc/${pid}/fd/${handle}`).catch(() => '')),
    );
    if (targets.some((target) => inodes.has(target))) return Number(pid);
  }
  return undefined;
}

/** `socket:[inode]` of every socket listening (state 0A) on `port`, from the text of /proc/net/tcp (proc(5)). */
function listeningInodes(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && fields[1]?.endsWith(`:${wanted}`))
    .map((fields) => `socket:[${fields[9] ?? ''}]`);
}

/** Whether a process was started with `folder` among its arguments; false where that cannot be seen. */
export async function runsFor(pid: number | undefined, folder: string): Promise<boolean> {
  if (pid === undefined) return false;
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return line.split('\0').includes(folder);
}
