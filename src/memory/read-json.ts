import { disk } from '../../providers/runtime/disk.ts';
import { hasCode } from '../../providers/runtime/errno.ts';
import { messageOf } from '../domain/errors.ts';
import { safeText } from '../domain/safe-text.ts';
import { CorruptDocument } from './corrupt-document.ts';
import { placeOfError } from './json-place.ts';
import { parseJson } from '../domain/parse-json.ts';

/** No document of the memory comes near it, in bytes; larger ones would only cost time and memory. */
const mostBytes = 64 * 1024 * 1024;

/** Far deeper than any document; what nests deeper cannot be printed again. */
const mostDeep = 200;

/**
 * The bytes of a document's file. What stands in its place and is no file (a folder, a pipe, a device) or is too large
 * throws `CorruptDocument`; else the system's errors. Waits for nobody.
 */
export async function readDocumentBytes(file: string): Promise<Buffer> {
  const handle = await disk.open(file, 'read');
  try {
    const size = await handle.size();
    if (size > mostBytes) throw new CorruptDocument(`it has ${size} bytes, more than ${mostBytes}`);
    const parts: Buffer[] = [];
    for (let at = 0; at < size;) {
      const part = await handle.read(at, size - at);
      if (part.length === 0) break;
      parts.push(part);
      at += part.length;
    }
    return Buffer.concat(parts);
  } catch (error) {
    if (hasCode(error, 'EISDIR')) throw new CorruptDocument('a folder stands in its place');
    throw error;
  } finally {
    await handle.close();
  }
}

/** A file's JSON, and its bytes. Throws `CorruptDocument` for what is none, else the system's errors. */
export async function readJson(file: string): Promise<{ data: unknown; bytes: Buffer }> {
  const bytes = await readDocumentBytes(file);
  return { data: parseDocument(bytes), bytes };
}

/** A document's JSON; a byte order mark before it is no harm. Throws `CorruptDocument` saying where it stops being JSON. */
export function parseDocument(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw new CorruptDocument('it is empty');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CorruptDocument(
      'it holds bytes that are no text',
      parseJson(Buffer.from(bytes).toString('utf8')),
    );
  }
  if (nestsTooDeep(text)) throw new CorruptDocument(`it nests deeper than ${mostDeep} levels`);
  try {
    return JSON.parse(text);
  } catch (error) {
    const words = `not JSON at ${placeOfError(text)}: ${safeText(messageOf(error), 120)}`;
    throw new CorruptDocument(words, undefined, text);
  }
}

function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 92) i += 1;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > mostDeep) return true;
    } else if (code === 125 || code === 93) depth -= 1;
  }
  return false;
}
