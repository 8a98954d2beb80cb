import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { TextDecoder } from 'node:util';
import { messageOf } from '../../../src/domain/errors.ts';
import { decoderFor } from './decoded.ts';
import { BrokenReport, type ReportEnd, type ReportFormat, type ReportedTest } from './report-format.ts';
import { formatOf } from './registry.ts';

const chunkBytes = 256 * 1024;

/** How much may still be read of all reports of a run, bytes. */
export interface Budget {
  bytes: number;
}

/** What one file was. */
export interface ReadFile extends ReportEnd {
  format?: ReportFormat;
}

/** Reads one report from byte `from` on, in flat memory. Never throws for what is in it; throws the signal's reason. */
export async function readReportFile(request: {
  path: string;
  from?: number;
  format?: ReportFormat | undefined;
  found: (test: ReportedTest) => void;
  budget: Budget;
  signal?: AbortSignal | undefined;
}): Promise<ReadFile> {
  const { path, from = 0, found, budget, signal } = request;
  let format = request.format;
  let file;
  try {
    // Not following a link, not waiting for the other end of a pipe that took the file's place.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (!(await file.stat()).isFile()) return { problem: 'it is no regular file' };
    const buffer = Buffer.alloc(chunkBytes);
    let at = from;
    let cut = false;
    let decoder: TextDecoder | undefined;
    let reader: ReturnType<ReportFormat['reader']> | undefined;
    for (;;) {
      signal?.throwIfAborted();
      const wanted = Math.min(buffer.length, budget.bytes);
      cut = wanted === 0;
      if (cut) break;
      const { bytesRead } = await file.read(buffer, 0, wanted, at);
      if (bytesRead === 0) break;
      at += bytesRead;
      budget.bytes -= bytesRead;
      const bytes = buffer.subarray(0, bytesRead);
      decoder ??= decoderFor(bytes);
      const text = decoder.decode(bytes, { stream: true });
      format ??= formatOf(text);
      if (!format) return { problem: 'it is in no format that is known' };
      reader ??= format.reader(found);
      reader.write(text);
    }
    if (!reader || !format)
      return cut ? { problem: 'it was not read: there is too much' } : { problem: 'it is empty' };
    reader.write(decoder?.decode() ?? '');
    if (!cut) return { format, ...reader.end() };
    // What its end would say is not known; what was found till there is.
    return { format, problem: 'only its beginning was read: it is too large' };
  } catch (error) {
    if (signal?.aborted) throw error;
    const said = error instanceof BrokenReport ? error.message : `it cannot be read: ${messageOf(error)}`;
    return { ...(format && { format }), problem: said };
  } finally {
    await file?.close();
  }
}
