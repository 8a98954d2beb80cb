import path from 'node:path';
import { auditEntrySchema, type AuditEntry, type AuditHead } from '../domain/audit.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import { disk, type FolderEntry, type OpenFile } from '../../providers/runtime/disk.ts';
import { ifMissing } from '../../providers/runtime/errno.ts';
import { parseJson } from '../domain/parse-json.ts';

/** Read at once, in bytes; several entries fit, so the end of a trail of any length is one read. */
const blockBytes = 64 * 1024;

/** A line longer than this is no entry: what is over is not kept, in bytes. */
const longestLine = 1024 * 1024;

/** So many of the last entries are looked at for the highest number: one that was written late may stand behind it. */
const lateEntries = 4;

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

/** Opens a file of the memory's folder; undefined where there is none. Throws `memory-outside` (74) for a link, a pipe, a folder. */
export async function openToRead(dir: string, name: string): Promise<OpenFile | undefined> {
  const found = (await disk.list(dir).catch(ifMissing<FolderEntry[]>([]))).find(
    (entry) => entry.name === name,
  );
  if (!found) return undefined;
  const file = path.join(dir, name);
  if (found.kind === 'file') return disk.open(file, 'read');
  throw new OrchestraError('memory-outside', `${file} is not a file of the memory`, {
    exit: exitCode.io,
    hint: 'Move it away: links, folders and pipes are never followed.',
  });
}

/** The trail's end; reads back no further than to the last entries that can be read. */
export async function readEnd(file: OpenFile): Promise<TrailEnd> {
  const size = await file.size();
  const end: TrailEnd = { size, torn: 0, lacksNewline: false, unreadable: 0, last: undefined };
  let looked = 0;
  for await (const { text, torn, at } of backwards(file, size)) {
    const entry = parseEntry(text);
    if (entry) {
      if (torn) end.lacksNewline = true;
      if (entry.seq > (end.last?.seq ?? 0)) end.last = { seq: entry.seq, hash: entry.hash };
    } else if (torn) {
      end.torn = size - at;
      end.size = at;
    } else if (looked === 0) end.unreadable += 1;
    if (entry) looked += 1;
    if (looked === lateEntries || (looked > 0 && !entry)) break;
  }
  return end;
}

/** Every line, the last one first. */
export async function* linesFromEnd(file: OpenFile): AsyncGenerator<TrailLine> {
  yield* backwards(file, await file.size());
}

async function* backwards(file: OpenFile, size: number): AsyncGenerator<TrailLine & { at: number }> {
  /** The line that is being gathered, from its end. */
  let pieces: Buffer[] = [];
  let gathered = 0;
  let torn = true;
  const line = (at: number) => {
    const text = gathered > longestLine ? '' : Buffer.concat(pieces.toReversed()).toString('utf8');
    const whole = { text, torn, at };
    [pieces, gathered, torn] = [[], 0, false];
    return whole;
  };
  for (let end = size; end > 0;) {
    const from = Math.max(0, end - blockBytes);
    const block = await file.read(from, end - from);
    if (block.length < end - from) return;
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

/** Every line, the first one first. */
export async function* linesFromStart(file: OpenFile): AsyncGenerator<TrailLine> {
  let rest: Buffer = Buffer.alloc(0);
  let dropped = false;
  for (let position = 0; ;) {
    const block = await file.read(position, blockBytes);
    if (block.length === 0) break;
    position += block.length;
    const bytes = Buffer.concat([rest, block]);
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
}
