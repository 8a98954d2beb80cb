import { crc32 } from 'node:zlib';

/**
 * Lines that say whether they are whole: `["<crc32>",<bytes>,<JSON>]`, the sum and the length being those of the JSON's
 * bytes. Each is written after a line break of its own, so what another writer was cut off in cannot swallow it.
 */

/** What stands between two line breaks. */
export type Line =
  | { kind: 'whole'; json: Buffer; end: number }
  /** It ends sooner than it says, or is nothing but zeros: its writer was killed, or the power failed. */
  | { kind: 'torn'; end: number }
  /** It was changed by something else. */
  | { kind: 'bad'; end: number };

const opening = /^\["([0-9a-f]{8})",(\d{1,9}),/;
/** More than any opening has. */
const openingBytes = 32;

/**
 * The line of a value, with its line break before it; where `plain`, in ASCII alone: a long text with a single letter
 * beyond that takes twice the memory, and is decoded slowly.
 */
export function checkedLine(value: unknown, plain = false): string {
  const text = JSON.stringify(value);
  const json = plain ? text.replaceAll(/[^\0-\x7f]/g, escaped) : text;
  return `\n["${sumOf(json)}",${Buffer.byteLength(json)},${json}]`;
}

const unit = (code: number) => `\\u${code.toString(16).padStart(4, '0')}`;
const escaped = (letter: string) =>
  Array.from({ length: letter.length }, (_, i) => unit(letter.charCodeAt(i))).join('');

function sumOf(json: string | Uint8Array): string {
  return crc32(json).toString(16).padStart(8, '0');
}

/** The lines that begin in `bytes`, which begin with a line break or are empty; the last may still be in the writing. */
export function* linesOf(bytes: Buffer): Generator<Line> {
  for (let from = 0; from < bytes.length;) {
    const next = bytes.indexOf(10, from);
    const end = next < 0 ? bytes.length : next;
    if (end > from) yield lineOf(bytes, from, end);
    from = end + 1;
  }
}

function lineOf(bytes: Buffer, from: number, end: number): Line {
  const match = opening.exec(bytes.toString('latin1', from, Math.min(end, from + openingBytes)));
  if (!match) return { kind: isTornOpening(bytes.subarray(from, end)) ? 'torn' : 'bad', end };
  const [{ length }, sum, size] = [match[0], match[1], Number(match[2])];
  const begin = from + length;
  if (end < begin + size + 1) return { kind: 'torn', end };
  const json = bytes.subarray(begin, begin + size);
  const whole = end === begin + size + 1 && bytes[end - 1] === 0x5d && sumOf(json) === sum;
  return whole ? { kind: 'whole', json, end } : { kind: 'bad', end };
}

/** Whether a writer can have left it: zeros, which a file system may show after a power cut, or less than an opening. */
function isTornOpening(bytes: Buffer): boolean {
  if (bytes.every((byte) => byte === 0)) return true;
  return (
    bytes.length < openingBytes &&
    /^\[(?:"(?:[0-9a-f]{0,8}(?:"(?:,\d{0,9})?)?)?)?$/.test(bytes.toString('latin1'))
  );
}
