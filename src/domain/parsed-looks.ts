import { parseJson } from './parse-json.ts';
import { lookSchema, type VerificationLook } from './verification.ts';

/** The looks in the text of `verification.ndjson`, oldest first; a line that is none is left out. */
export function parsedLooks(text: string): VerificationLook[] {
  return text.split('\n').flatMap((line) => {
    const look = lookSchema.safeParse(parseJson(line));
    return look.success ? [look.data] : [];
  });
}
