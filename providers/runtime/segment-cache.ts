import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Cache } from '../../src/ports/cache.ts';

interface Bounds {
  /** Segments of one kind beyond which they are joined into one. */
  segments: number;
  /** Bytes of one kind beyond which the segments that were written first are dropped. */
  bytes: number;
  /** Large values of one kind beyond which the one unused for longest is dropped. */
  wholes: number;
}

const defaults: Bounds = { segments: 12, bytes: 192 * 1024 * 1024, wholes: 6 };

const NEWLINE = 10;
const SPACE = 32;

/** A kind nothing was added to for this long is dropped. */
const unusedMs = 30 * 24 * 60 * 60 * 1000;

/** Temporary files of writers that were killed, older than this, are removed. */
const abandonedMs = 60 * 60 * 1000;

/**
 * A cache in `dir`: for each kind a folder of segments, each written once and put in place by a rename, so that readers
 * and writers of several processes never wait for each other and never see half a file. A segment is lines of
 * `key value`; a large value has a file of its own. Each begins with a checksum; what does not match is removed and read
 * as absent.
 */
export function openSegmentCache(dir: string, bounds: Partial<Bounds> = {}): Cache {
  const limits = { ...defaults, ...bounds };

  /** A kind's files with this ending, the newest first; what killed writers left is removed on the way. */
  async function filesOf(kind: string, ending: string): Promise<Kept[]> {
    const folder = join(dir, kind);
    const found: Kept[] = [];
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name);
      const about = await stat(path).catch(() => undefined);
      if (!about) continue;
      if (name.endsWith(ending)) found.push({ path, bytes: about.size, at: about.mtimeMs });
      else if (name.endsWith('.part') && Date.now() - about.mtimeMs > abandonedMs)
        await rm(path, { force: true });
    }
    return found.sort((a, b) => b.at - a.at);
  }

  async function write(kind: string, name: string, body: Buffer): Promise<void> {
    const folder = join(dir, kind);
    await mkdir(folder, { recursive: true });
    const part = join(folder, `${newName()}.part`);
    try {
      const handle = await open(part, 'wx', 0o600);
      try {
        await handle.write(`orchestra-cache 1 ${checksum(body)} ${body.length}\n`);
        await handle.write(body);
      } finally {
        await handle.close();
      }
      await rename(part, join(folder, name));
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  /** Joins what is kept into one segment, newest values first, up to half the bytes allowed. */
  async function compact(kind: string): Promise<void> {
    const segments = await filesOf(kind, '.segment');
    const total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    if (segments.length <= limits.segments && total <= limits.bytes) return;
    const lines: Buffer[] = [];
    const seen = new Set<string>();
    let bytes = 0;
    for (const { path } of segments)
      for (const [key, line] of linesOf(await readChecked(path))) {
        if (seen.has(key) || bytes + line.length > limits.bytes / 2) continue;
        seen.add(key);
        bytes += line.length;
        lines.push(line);
      }
    await write(kind, `${newName()}.segment`, Buffer.concat(lines));
    for (const { path } of segments) await rm(path, { force: true });
  }

  /** Kinds carry the version of what computed them; those of versions no longer in use are given up. */
  async function dropUnusedKinds(): Promise<void> {
    for (const kind of await readdir(dir).catch(() => [])) {
      const about = await stat(join(dir, kind)).catch(() => undefined);
      if (about && Date.now() - about.mtimeMs > unusedMs)
        await rm(join(dir, kind), { recursive: true, force: true });
    }
  }

  return {
    async load(kind, keys) {
      const found = new Map<string, Buffer>();
      for (const { path, at } of await filesOf(kind, '.segment')) {
        if (found.size === keys.size) break;
        let used = false;
        for (const [key, line] of linesOf(await readChecked(path))) {
          if (!keys.has(key) || found.has(key)) continue;
          found.set(key, line.subarray(key.length + 1, -1));
          used = true;
        }
        // What is in use is dropped last.
        const now = new Date();
        if (used && now.getTime() - at > abandonedMs) await utimes(path, now, now).catch(() => undefined);
      }
      return found;
    },
    async save(kind, entries) {
      if (entries.size === 0) return;
      try {
        const lines = [...entries].map(([key, value]) => `${key} ${value}\n`);
        await write(kind, `${newName()}.segment`, Buffer.from(lines.join('')));
        await compact(kind);
        await dropUnusedKinds();
      } catch {
        // A cache that cannot be written costs time, not truth.
      }
    },
    async recall(kind, key) {
      const path = join(dir, kind, wholeName(key));
      const body = await readChecked(path);
      if (body.length === 0) return undefined;
      const now = new Date();
      await utimes(path, now, now).catch(() => undefined);
      return body;
    },
    async remember(kind, key, value) {
      try {
        await write(kind, wholeName(key), Buffer.from(value));
        for (const { path } of (await filesOf(kind, '.whole')).slice(limits.wholes))
          await rm(path, { force: true });
        await dropUnusedKinds();
      } catch {
        // As above.
      }
    },
  };
}

interface Kept {
  path: string;
  bytes: number;
  /** When it was last written or used, in epoch milliseconds. */
  at: number;
}

const newName = () => randomBytes(12).toString('hex');

/** Keys can be anything; names of files cannot. */
const wholeName = (key: string) => `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.whole`;

const checksum = (body: Buffer) => crc32(body).toString(16);

/** What a file holds under its header; empty where it is damaged, of another version, or gone. */
async function readChecked(path: string): Promise<Buffer> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  const end = bytes.indexOf(NEWLINE);
  const [name, version, sum, length] = bytes.toString('latin1', 0, Math.max(0, end)).split(' ');
  const body = bytes.subarray(end + 1);
  if (
    name === 'orchestra-cache' &&
    version === '1' &&
    length === String(body.length) &&
    sum === checksum(body)
  )
    return body;
  if (bytes.length > 0) await rm(path, { force: true });
  return Buffer.alloc(0);
}

/** Each line with its newline, and its key. */
function* linesOf(body: Buffer): Generator<[key: string, line: Buffer]> {
  for (let at = 0; at < body.length;) {
    const next = body.indexOf(NEWLINE, at);
    const end = next < 0 ? body.length : next + 1;
    const space = body.indexOf(SPACE, at);
    if (space > at && space < end) yield [body.toString('latin1', at, space), body.subarray(at, end)];
    at = end;
  }
}
