import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is cut: no format that is read here has any. */
const longest = 64 * 1024;

/** The lines of a text that comes in pieces, without their ends; memory stays flat whatever it holds. */
export async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + decoder.write(Buffer.from(chunk))).split('\n');
    rest = (parts.pop() ?? '').slice(0, longest);
    for (const part of parts) yield part.endsWith('\r') ? part.slice(0, -1) : part;
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}
