import type { z } from 'zod';
import { BrokenReport, type ReportReader } from './report-format.ts';

/** A JSON report is held whole to be read; a larger one is not, in characters. */
const largestJson = 64 * 1024 * 1024;

/** Reads a report that is one JSON document of `schema`. */
export function wholeJson<T>(
  schema: z.ZodType<T>,
  read: (document: T) => ReturnType<ReportReader['end']>,
): ReportReader {
  const pieces: string[] = [];
  let length = 0;
  return {
    write(text) {
      length += text.length;
      if (length > largestJson) throw new BrokenReport(`it is larger than ${largestJson / 1024 / 1024} MB`);
      pieces.push(text);
    },
    end() {
      let json: unknown;
      try {
        json = JSON.parse(pieces.join(''));
      } catch {
        throw new BrokenReport('it is not whole: no JSON document');
      }
      const parsed = schema.safeParse(json);
      if (parsed.success) return read(parsed.data);
      const issue = parsed.error.issues[0];
      throw new BrokenReport(
        `it is not what its format says: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
      );
    },
  };
}
