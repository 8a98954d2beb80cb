import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { hasCode } from '../../runtime/errno.ts';
import { findState } from '../../runtime/state-file.ts';
import { writeFileAtomic } from '../../runtime/atomic-file.ts';
import { files } from './configuration.ts';
import { liveLanes, type Table } from './table.ts';

/** Requests are written down for so long after Orchestra last asked or changed anything, a stretch more at most. */
const watchedMs = 300_000;
const stretchMs = 100_000;
/** With a shorter limit than this, moments are tenths of a second. */
const tenthsBelowMs = 5_000;

const heardSchema = z.object({ at: z.iso.datetime() });

/** nginx looks at these files for each request, so they act at once and without a reload. */
export class Switches {
  private readonly folder: string;
  private readonly limitMs: number;

  constructor(folder: string, limitMs: number) {
    this.folder = folder;
    this.limitMs = limitMs;
  }

  /** Whether moments are tenths of a second. */
  get tenths(): boolean {
    return this.limitMs < tenthsBelowMs;
  }

  async prepare(): Promise<void> {
    for (const name of [files.live, files.beats, files.watched, 'temp']) {
      await mkdir(path.join(this.folder, name), { recursive: true, mode: 0o700 });
    }
    await put(path.join(this.folder, files.live, 'taken_back'));
    await this.keepUsers();
  }

  async isLive(lane: string): Promise<boolean> {
    return (await names(path.join(this.folder, files.live))).includes(lane);
  }

  /** Lets the table's lanes have new requests. */
  async allow(table: Table): Promise<void> {
    for (const lane of liveLanes(table)) await put(path.join(this.folder, files.live, lane));
  }

  /** Takes new requests from all lanes but the table's, and for now also but `spared`. */
  async forbidOthers(table: Table, spared: readonly string[] = []): Promise<void> {
    const keep = new Set([...liveLanes(table), ...spared, 'taken_back']);
    for (const name of await names(path.join(this.folder, files.live))) {
      if (!keep.has(name)) await rm(path.join(this.folder, files.live, name), { force: true });
    }
  }

  /** A sign of life at `now`: good for the limit. */
  async heard(now: Date): Promise<void> {
    const step = this.tenths ? 100 : 1000;
    const first = Math.floor(now.getTime() / step);
    const last = Math.floor((now.getTime() + this.limitMs) / step);
    const folder = path.join(this.folder, files.beats);
    const wanted = new Set<string>();
    for (let i = first; i <= last; i++) {
      wanted.add(this.tenths ? `${Math.floor(i / 10)}.${i % 10}` : String(i));
    }
    const there = new Set(await names(folder));
    for (const name of wanted) if (!there.has(name)) await put(path.join(folder, name));
    for (const name of there) {
      if (!wanted.has(name)) await rm(path.join(folder, name), { force: true });
    }
    await writeFileAtomic(path.join(this.folder, 'heard.json'), JSON.stringify({ at: now.toISOString() }), {
      mode: 0o600,
      durable: false,
    });
  }

  /** When a rollout's conductor was last heard of. */
  async lastHeard(): Promise<Date> {
    const found = await findState(path.join(this.folder, 'heard.json'), heardSchema);
    return new Date(found.kind === 'value' ? found.value.at : 0);
  }

  /** Has requests written down from now on, for as long as somebody looks now and then. */
  async watch(now: Date): Promise<void> {
    const folder = path.join(this.folder, files.watched);
    const first = Math.floor(now.getTime() / stretchMs);
    const last = Math.floor((now.getTime() + watchedMs) / stretchMs);
    const there = await names(folder);
    if (there.includes(String(last))) return;
    for (let i = first; i <= last; i++) await put(path.join(folder, String(i)));
    for (const name of there) if (Number(name) < first) await rm(path.join(folder, name), { force: true });
  }

  /** From now on each answer closes its connection, so that a reload finds none in use. */
  letUsersGo(): Promise<void> {
    return put(path.join(this.folder, files.closing));
  }

  keepUsers(): Promise<void> {
    return rm(path.join(this.folder, files.closing), { force: true });
  }
}

function put(file: string): Promise<void> {
  return writeFile(file, '', { mode: 0o600 });
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
