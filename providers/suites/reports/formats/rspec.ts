import { z } from 'zod';
import type { ReportFormat, ReportedTest } from '../report-format.ts';
import { wholeJson } from '../whole-json.ts';

const text = z.string().nullish().catch(undefined);
const number = z.number().optional().catch(undefined);

const documentSchema = z.object({
  examples: z.array(
    z.object({
      description: z.string().catch(''),
      full_description: text,
      status: text,
      file_path: text,
      line_number: number,
      run_time: number,
      pending_message: text,
      exception: z
        .object({ class: text, message: text, backtrace: z.array(z.string()).nullish().catch(undefined) })
        .optional()
        .catch(undefined),
    }),
  ),
  summary: z.object({ errors_outside_of_examples_count: number }).optional().catch(undefined),
});

function statusOf(status: string | null | undefined): ReportedTest['status'] {
  return status === 'passed' || status === 'failed' ? status : 'skipped';
}

/** `rspec --format json`. */
export const rspec: ReportFormat = {
  name: 'rspec',
  recognises: (head) => /^\s*\{/.test(head) && /"examples"\s*:\s*\[/.test(head),
  reader: (found) =>
    wholeJson(documentSchema, ({ examples, summary }) => {
      for (const example of examples) {
        const { description, exception } = example;
        const file = example.file_path?.replace(/^\.\//, '');
        const full = example.full_description ?? '';
        found({
          group: full.endsWith(` ${description}`) ? full.slice(0, -description.length - 1) : file,
          name: description,
          status: statusOf(example.status),
          durationMs: example.run_time === undefined ? undefined : example.run_time * 1000,
          message: exception
            ? exception.message?.trim() || (exception.class ?? undefined)
            : (example.pending_message ?? undefined),
          trace: exception?.backtrace?.join('\n'),
          place: file && example.line_number !== undefined ? `${file}:${example.line_number}` : file,
        });
      }
      const outside = summary?.errors_outside_of_examples_count ?? 0;
      if (outside > 0) return { problem: `it says ${outside} errors outside of its tests`, failed: true };
      return {};
    }),
};
