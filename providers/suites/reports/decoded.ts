import { TextDecoder } from 'node:util';

/** The decoder for a file that begins so: by its byte order mark, else as its XML declaration says, else UTF-8. Throws for an encoding nobody knows. */
export function decoderFor(head: Buffer): TextDecoder {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le');
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be');
  const declared = /^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/i.exec(
    head.toString('latin1', 0, 300),
  )?.[1];
  // Whoever wrote these bytes one by one did not write UTF-16, whatever the declaration says.
  return new TextDecoder(declared === undefined || /^utf-?16/i.test(declared) ? 'utf-8' : declared);
}
