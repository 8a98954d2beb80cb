const NUL = 0;

/** A field longer than this, in bytes, is kept as its two ends of this length: what matters stands there. */
const longestEnd = 64 * 1024;

/**
 * Reads records of `width` NUL-ended fields from git's output, in memory no larger than a chunk and one field. Texts
 * are decoded as UTF-8, each into a string of its own. What follows the last whole record is left out.
 */
export async function* readRecords(chunks: AsyncIterable<Buffer>, width: number): AsyncGenerator<string[]> {
  let rest: Buffer = Buffer.alloc(0);
  let record: string[] = [];
  for await (const chunk of chunks) {
    const buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let start = 0;
    for (let end = buffer.indexOf(NUL, rest.length); end >= 0; end = buffer.indexOf(NUL, start)) {
      record.push(shorten(buffer.subarray(start, end)).toString('utf8'));
      start = end + 1;
      if (record.length < width) continue;
      yield record;
      record = [];
    }
    rest = shorten(buffer.subarray(start));
  }
}

/** A very long field's beginning and end; what is between them is on no line that is read. */
function shorten(field: Buffer): Buffer {
  if (field.length <= longestEnd * 4) return field;
  return Buffer.concat([
    field.subarray(0, longestEnd),
    Buffer.from('\n'),
    field.subarray(field.length - longestEnd),
  ]);
}
