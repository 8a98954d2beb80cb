import { messageOf } from '../domain/errors.ts';
import { checksumFits, withChecksum } from './checksum.ts';
import { printJson } from './json-file.ts';
import { parseJson } from '../domain/parse-json.ts';
import { parseDocument } from './read-json.ts';

/** The one paper that the program reads again. */
const read = 'learning_report.json';

/** A paper's text as it is written: with a checksum where the program will read it again. */
export function paperText({ name, text }: { name: string; text: string }): string {
  const data = name === read ? parseJson(text) : undefined;
  return data === undefined ? text : printJson(withChecksum(data));
}

/** What is wrong with a paper that was read; undefined for a good one, and for any that only people read. */
export function paperFault(name: string, text: string): string | undefined {
  if (name !== read) return undefined;
  try {
    return checksumFits(parseDocument(Buffer.from(text)))
      ? undefined
      : 'its checksum does not fit: something else changed it';
  } catch (error) {
    return messageOf(error);
  }
}
