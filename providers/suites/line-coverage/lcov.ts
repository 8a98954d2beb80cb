import { collectLines, type LineHits } from './line-hits.ts';
import { textLines } from './text-lines.ts';

/**
 * The lines of an lcov report (geninfo(1): `SF:` begins a file, `DA:line,hits` is a line, `end_of_record` ends it). A record that does not
 * end was written by half: throws `RangeError`.
 */
export async function readLcov(chunks: AsyncIterable<Uint8Array>): Promise<LineHits> {
  const { add, hits } = collectLines();
  let file: string | undefined;
  for await (const line of textLines(chunks)) {
    if (line.startsWith('SF:')) file = line.slice(3).trim();
    else if (line === 'end_of_record') file = undefined;
    else if (file !== undefined && line.startsWith('DA:')) {
      const [number, times] = line.slice(3).split(',', 2);
      add(file, Number(number), Number(times) > 0);
    }
  }
  if (file !== undefined) throw new RangeError('its last record has no end');
  return hits;
}
