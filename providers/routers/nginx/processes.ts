import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { Address } from '../../../src/ports/router.ts';

export interface NginxProcess {
  pid: number;
  /** `leaving` is a worker that only finishes what it has begun. */
  role: 'master' | 'worker' | 'leaving';
}

/** All nginx processes that run in `folder` (Linux): also those whose master was killed. */
export async function processesIn(folder: string): Promise<NginxProcess[]> {
  const found: NginxProcess[] = [];
  const real = await realpath(folder).catch(() => folder);
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    if ((await readlink(`/proc/${name}/cwd`).catch(() => '')) !== real) continue;
    // nginx says in its title what it does (`ngx_setproctitle`).
    const title = await readFile(`/proc/${name}/cmdline`, 'latin1').catch(() => '');
    if (!title.startsWith('nginx: ')) continue;
    const role = title.startsWith('nginx: master')
      ? 'master'
      : title.includes('shutting down')
        ? 'leaving'
        : 'worker';
    found.push({ pid: Number(name), role });
  }
  return found;
}

/** How many connections these processes have open to the addresses (Linux). */
export async function connectionsTo(pids: readonly number[], addresses: readonly Address[]): Promise<number> {
  const wanted = new Set(addresses.map(kernelAddress));
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'latin1').catch(() => '')),
  );
  const inodes = new Set(
    tables.flatMap((table) =>
      table
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        // 01 is established, 02 is being opened (proc(5)).
        .filter((fields) => (fields[3] === '01' || fields[3] === '02') && wanted.has(fields[2] ?? ''))
        .map((fields) => `socket:[${fields[9] ?? ''}]`),
    ),
  );
  if (inodes.size === 0) return 0;
  let count = 0;
  for (const pid of pids) {
    const handles = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const targets = await Promise.all(
      handles.map((handle) => readlink(`/proc/${pid}/fd/${handle}`).catch(() => '')),
    );
    count += targets.filter((target) => inodes.has(target)).length;
  }
  return count;
}

/** An address as /proc/net/tcp writes it: 32-bit words in the machine's own order (little-endian), in hex. */
export function kernelAddress({ host, port }: Address): string {
  const bytes = isIP(host) === 6 ? bytesOfIPv6(host) : host.split('.').map(Number);
  const hex = (byte: number) => byte.toString(16).toUpperCase().padStart(2, '0');
  let words = '';
  for (let i = 0; i < bytes.length; i += 4)
    words += bytes
      .slice(i, i + 4)
      .toReversed()
      .map(hex)
      .join('');
  return `${words}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

function bytesOfIPv6(host: string): number[] {
  // The URL parser writes it in its one short form, an embedded IPv4 address in hex as well.
  const short = new URL(`http://[${host}]`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}
