import { z } from 'zod';
import type { ReportReader, ReportedTest } from './report-format.ts';
import { wholeJson } from './whole-json.ts';

const text = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);

const assertionSchema = z.object({
  ancestorTitles: z.array(z.string()).catch([]),
  title: z.string().catch(''),
  status: z.string().catch(''),
  duration: number,
  failureMessages: z.array(z.string()).nullish().catch(undefined),
});

const documentSchema = z.object({
  success: z.boolean().optional().catch(undefined),
  testResults: z.array(
    z.object({
      name: text,
      status: text,
      message: text,
      assertionResults: z.array(assertionSchema).catch([]),
    }),
  ),
});

const statusOf: ReadonlyMap<string, ReportedTest['status']> = new Map([
  ['passed', 'passed'],
  ['failed', 'failed'],
  ['pending', 'skipped'],
  ['skipped', 'skipped'],
  ['todo', 'skipped'],
  ['disabled', 'skipped'],
]);

/** The JSON of jest and vitest: one result a file, its tests in it. */
export function jestLike(found: (test: ReportedTest) => void): ReportReader {
  return wholeJson(documentSchema, ({ success, testResults }) => {
    let failed = 0;
    let unknown: string | undefined;
    for (const file of testResults) {
      const before = failed;
      for (const test of file.assertionResults) {
        const status = statusOf.get(test.status);
        if (status === undefined) unknown ??= test.status;
        if (status === 'failed') failed += 1;
        const said = test.failureMessages?.join('\n') ?? '';
        found({
          group: [...(file.name === undefined ? [] : [file.name]), ...test.ancestorTitles].join(' > '),
          name: test.title,
          status: status ?? 'skipped',
          durationMs: test.duration,
          ...(said === '' ? {} : { message: said, trace: said }),
        });
      }
      // A file that could not be loaded has no tests, or passing ones only: it is what failed.
      if (file.status === 'failed' && failed === before) {
        failed += 1;
        found({
          name: file.name ?? 'a file without a name',
          status: 'failed',
          message: file.message,
          trace: file.message,
        });
      }
    }
    if (unknown !== undefined) return { problem: `it has a status that is not known: ${unknown}` };
    if (success === false && failed === 0)
      return { problem: 'it says that the run did not succeed, and names no test that failed', failed: true };
    return {};
  });
}
