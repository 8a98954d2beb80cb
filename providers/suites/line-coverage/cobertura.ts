import path from 'node:path';
import { collectLines, type LineHits } from './line-hits.ts';
import { xmlTags } from './xml-tags.ts';

/**
 * The lines of a Cobertura report: `<class filename>` holds `<line number hits>`; those below its `<methods>` are the same lines once more.
 * Throws `RangeError` for a report that is none, was written by half, or declares entities.
 */
export async function readCobertura(chunks: AsyncIterable<Uint8Array>): Promise<LineHits> {
  const { add, hits } = collectLines();
  let file: string | undefined;
  let known = false;
  let ended = false;
  const sources: string[] = [];
  for await (const { name, closes, attribute, text } of xmlTags(chunks)) {
    if (name === 'coverage') {
      known = true;
      ended = closes;
    } else if (name === 'source' && closes) sources.push(text);
    else if (name === 'class') file = closes ? undefined : attribute('filename');
    else if (name === 'line' && !closes && file !== undefined)
      add(file, Number(attribute('number')), Number(attribute('hits')) > 0);
  }
  if (!known) throw new RangeError('it is neither lcov nor Cobertura');
  if (!ended) throw new RangeError('it ends in the middle');
  const [source] = sources;
  // With several, nothing says which of them a file stands below.
  if (source === undefined || source === '' || sources.length > 1) return hits;
  return new Map(
    [...hits].map(([name, lines]) => [path.isAbsolute(name) ? name : path.join(source, name), lines]),
  );
}
