import { z } from 'zod';
import { headerValueSchema, tokenSchema } from './cohort.ts';
import { duration } from './duration-setting.ts';

/** Headers that belong to one connection or to a message's framing: a request is never told apart by them. */
const unfit = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const plain = z.strictObject({
  header: z
    .strictObject({
      name: tokenSchema
        .refine((name) => !unfit.has(name.toLowerCase()), 'a header that says who asks, such as X-Beta')
        .describe('The header’s name, such as `X-Beta`.'),
      value: headerValueSchema.describe(
        'The exact value it must have: printable characters, no line breaks, no space at its ends.',
      ),
    })
    .optional()
    .describe('The candidate is shown to requests that carry this header, and to nobody else.'),
  cookie: tokenSchema
    .optional()
    .describe(
      'The cookie by which a visitor keeps a side; a name that the service does not use itself. `orchestra-ab` where neither this nor `header` is given.',
    ),
  share: z
    .number()
    .positive()
    .lt(100)
    .optional()
    .describe('Percent of new visitors that are drawn to the candidate, with a cookie. 50 by default.'),
  duration: duration.prefault('1h').describe('How long both sides are compared.'),
  // oxlint-disable-next-line unicorn/no-thenable -- what people write; a word, which nothing that awaits would call
  then: z
    .enum(['ask', 'promote'])
    .default('ask')
    .describe(
      'What follows when nothing is worse: `ask` pauses for a person, both sides’ numbers before them; `promote` goes on to all traffic by itself.',
    ),
  bake: duration
    .prefault('5m')
    .describe('How long all traffic is watched on the new version before it counts as stable.'),
});

/** The settings of the strategy `ab`; a header’s cohort has no share and no cookie. */
export const abSettingsSchema = plain.superRefine((ab, context) => {
  if (!ab.header) return;
  const only = 'nothing here beside `header`';
  if (ab.cookie !== undefined) context.addIssue({ code: 'custom', path: ['cookie'], message: only });
  if (ab.share !== undefined) context.addIssue({ code: 'custom', path: ['share'], message: only });
});
