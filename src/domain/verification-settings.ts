import { z } from 'zod';
import { duration } from './duration-setting.ts';

/** `verification` of an environment: for how long, and how often, Orchestra looks after all traffic is on the new version. */
export const verificationSettingsSchema = z.union([
  z.literal('off').describe('Nobody looks by itself.'),
  z
    .strictObject({
      soon: duration.prefault('30m').describe('How long it looks closely.'),
      later: duration.prefault('24h').describe('How long it looks at all, from the promotion on.'),
      every: duration
        .prefault('30s')
        .refine((ms) => ms >= 100, '100ms or more')
        .describe(
          'How often, in the first time; afterwards ten times as seldom, an hour at most between two looks.',
        ),
    })
    .refine(({ soon, later }) => soon <= later, 'a `later` that is not before `soon`'),
]);

/** What a plan keeps of it; milliseconds, counted from the promotion. */
export const verificationPlanSchema = z.object({
  soonMs: z.number(),
  laterMs: z.number(),
  everyMs: z.number(),
  laterEveryMs: z.number(),
});
export type VerificationPlan = z.infer<typeof verificationPlanSchema>;

/** The longest that passes between two looks, in milliseconds. */
const longestMs = 3_600_000;

/** The settings as a plan keeps them; undefined where it is off. */
export function verificationPlan(
  settings: z.infer<typeof verificationSettingsSchema>,
): VerificationPlan | undefined {
  if (settings === 'off') return undefined;
  const { soon, later, every } = settings;
  return {
    soonMs: soon,
    laterMs: later,
    everyMs: every,
    laterEveryMs: Math.max(every, Math.min(longestMs, every * 10)),
  };
}
