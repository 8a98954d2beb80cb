import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { auditEntrySchema, type AuditEntry, type AuditHead } from '../domain/audit.ts';
import { hasCode } from '../../providers/runtime/errno.ts';
import { parseJson } from './parse-json.ts';

/** Read at once, in bytes; several entries fit, so the end of a trail of any length is one read. */
const blockBytes = 64 * 1024;

/** A line longer than this is no entry: what is over is not kept, in bytes. */
const longestLine = 1024 * 1024;

const newline = 10;

export interface TrailLine {
  text: string;
  /** The file ends without the line's end. */
  torn: boolean;
}

/** The end of a trail, where the next entry goes. */
export interface TrailEnd {
  /** Bytes that stay. */
  size: number;
  /** Bytes behind them that were not written to their end. */
  torn: number;
  /** The last entry is whole, but for its newline. */
  lacksNewline: boolean;
  /** Lines behind the last entry that can be read. */
  unreadable: number;
  last: AuditHead | undefined;
}

/** The entry of a line; undefined for a line that is none. */
export function parseEntry(text: string): AuditEntry | undefined {
  const parsed = auditEntrySchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : undefined;
}

/** The trail's end; reads back no further than to the last entry that can be read. */
export async function readEnd(file: FileHandle): Promise<TrailEnd> {
  const { size } = await file.stat();
  const end: TrailEnd = { size, torn: 0, lacksNewline: false, unreadable: 0, last: undefined };
  for await (const { text, torn, at } of backwards(file, size)) {
    const entry = parseEntry(text);
    if (entry) return { ...end, lacksNewline: torn, last: { seq: entry.seq, hash: entry.hash } };
    if (torn) {
      end.torn = size - at;
      end.size = at;
    } else end.unreadable += 1;
  }
  return end;
}

/** Every line, the last one first; none where there is no file. */
export async function* linesFromEnd(name: string): AsyncGenerator<TrailLine> {
  const file = await openToRead(name);
  if (!file) return;
  try {
    yield* backwards(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

async function* backwards(file: FileHandle, size: number): AsyncGenerator<TrailLine & { at: number }> {
  /** The start of the line that is being gathered, from its end. */
  let pieces: Buffer[] = [];
  let gathered = 0;
  let torn = true;
  let end = size;
  const line = (at: number) => {
    const text = gathered > longestLine ? '' : Buffer.concat(pieces.toReversed()).toString('utf8');
    const whole = { text, torn, at };
    [pieces, gathered, torn] = [[], 0, false];
    return whole;
  };
  while (end > 0) {
    const from = Math.max(0, end - blockBytes);
    const block = Buffer.alloc(end - from);
    const { bytesRead } = await file.read(block, 0, block.length, from);
    if (bytesRead < block.length) return;
    let until = block.length;
    for (;;) {
      const at = until === 0 ? -1 : block.lastIndexOf(newline, until - 1);
      const piece = block.subarray(at + 1, until);
      gathered += piece.length;
      if (gathered <= longestLine) pieces.push(piece);
      if (at < 0) break;
      // What stands behind the last newline is a torn line, where it is anything.
      if (!torn || gathered > 0) yield line(from + at + 1);
      torn = false;
      until = at;
    }
    end = from;
  }
  if (gathered > 0 || (!torn && size > 0)) yield line(0);
}

/** Every line, the first one first; none where there is no file. */
export async function* linesFromStart(name: string): AsyncGenerator<TrailLine> {
  const file = await openToRead(name);
  if (!file) return;
  try {
    let rest: Buffer = Buffer.alloc(0);
    let dropped = false;
    const block = Buffer.alloc(blockBytes);
    for (let position = 0; ;) {
      const { bytesRead } = await file.read(block, 0, block.length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      const bytes = Buffer.concat([rest, block.subarray(0, bytesRead)]);
      let from = 0;
      for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, from)) {
        yield { text: dropped ? '' : bytes.toString('utf8', from, at), torn: false };
        dropped = false;
        from = at + 1;
      }
      rest = bytes.subarray(from);
      if (rest.length <= longestLine) continue;
      rest = Buffer.alloc(1);
      dropped = true;
    }
    if (rest.length > 0) yield { text: dropped ? '' : rest.toString('utf8'), torn: true };
  } finally {
    await file.close();
  }
}

async function openToRead(name: string): Promise<FileHandle | undefined> {
  try {
    const file = await open(name, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
    await file.close();
    return undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
