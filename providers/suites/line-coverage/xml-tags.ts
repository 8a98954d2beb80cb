import { StringDecoder } from 'node:string_decoder';

export interface XmlTag {
  name: string;
  /** `</name>`. */
  closes: boolean;
  /** The attribute's value; the five entities of XML itself are read, no others exist here. */
  attribute: (name: string) => string | undefined;
  /** The text before it, since the last tag, of the first 4 KB. */
  text: string;
}

/** A tag longer than this is no tag of a report. */
const longestTag = 64 * 1024;
const longestText = 4096;
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function plain(text: string): string {
  return text.replaceAll(/&(lt|gt|amp|quot|apos);/g, (all, name: string) => entities[name] ?? all);
}

function attributesOf(text: string): (name: string) => string | undefined {
  return (name) => {
    const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(text);
    const value = found?.[1] ?? found?.[2];
    return value === undefined ? undefined : plain(value);
  };
}

/** Where a tag that begins at `from` ends: at the first `>` outside quotes; -1 while that has not come. */
function endOfTag(text: string, from: number): number {
  let quote = '';
  for (let i = from + 1; i < text.length; i += 1) {
    const c = text[i];
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '>') return i;
  }
  return -1;
}

/**
 * The tags of an XML text that comes in pieces, in flat memory. Declared entities are never known, none is filled in, and nothing is
 * fetched: a `DOCTYPE` with declarations of its own throws `RangeError`, as does a text that ends within a tag.
 */
export async function* xmlTags(chunks: AsyncIterable<Uint8Array>): AsyncIterable<XmlTag> {
  const decoder = new StringDecoder('utf8');
  let held = '';
  let text = '';
  let until: '-->' | ']]>' | undefined;
  for await (const chunk of chunks) {
    held += decoder.write(Buffer.from(chunk));
    let at = 0;
    while (at < held.length) {
      if (until !== undefined) {
        const end = held.indexOf(until, at);
        if (end < 0) {
          at = Math.max(at, held.length - 2);
          break;
        }
        at = end + 3;
        until = undefined;
        continue;
      }
      const open = held.indexOf('<', at);
      if (text.length < longestText)
        text += held.slice(at, open < 0 ? undefined : open).slice(0, longestText);
      if (open < 0) {
        at = held.length;
        break;
      }
      at = open;
      if (held.length - open < 9) break;
      if (held.startsWith('<!--', open)) {
        until = '-->';
        at = open + 4;
        continue;
      }
      if (held.startsWith('<![CDATA[', open)) {
        until = ']]>';
        at = open + 9;
        continue;
      }
      const end = endOfTag(held, open);
      if (end < 0) {
        if (held.length - open > longestTag) throw new RangeError('it has a tag without an end');
        break;
      }
      const tag = held.slice(open + 1, end);
      at = end + 1;
      if (tag.startsWith('!')) {
        if (tag.includes('[') || tag.includes('<')) throw new RangeError('it declares entities');
        continue;
      }
      const name = /^\/?([\w.:-]+)/.exec(tag)?.[1];
      if (name === undefined) continue;
      yield { name, closes: tag.startsWith('/'), attribute: attributesOf(tag), text: plain(text.trim()) };
      text = '';
    }
    held = held.slice(at);
  }
  // A short last tag waits for more until the text is known to have ended.
  const last = /^<\/([\w.:-]+)\s*>\s*$/.exec(held + decoder.end())?.[1];
  if (last !== undefined) yield { name: last, closes: true, attribute: () => undefined, text: '' };
  else if (held.trim() !== '' || until !== undefined) throw new RangeError('it ends in the middle');
}
