import { z } from 'zod';
import { duration } from './duration-setting.ts';

const argv = z.array(z.string().max(10_000)).min(1).max(100);
const variant = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);

const plain = z.strictObject({
  flag: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,126}$/)
    .describe('The name of the flag that hides the new feature; the service asks for it itself.'),
  provider: z
    .enum(['file', 'command'])
    .describe('Where the flag is kept: a file in flagd’s format, or whatever a program reaches.'),
  path: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe(
      '`file`: the JSON file, from the repository’s root where it is relative. Made where there is none.',
    ),
  on: variant.default('on').describe('`file`: the variant of those who see the feature.'),
  off: variant.default('off').describe('`file`: the variant of everybody else.'),
  set: argv
    .optional()
    .describe(
      '`command`: the program that sets the flag, and its arguments; no shell reads them. It finds `FLAG` and `PERCENT`, 0 to 100, in its environment, and may be run twice.',
    ),
  read: argv
    .optional()
    .describe(
      '`command`: the program that reads the flag, with `FLAG` in its environment. The last line of its output is the percentage, or `on` or `off`.',
    ),
  env: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/))
    .max(50)
    .default([])
    .describe(
      '`command`: names of variables that both get from the environment `orchestrate` was started in, beside the few that every program needs.',
    ),
  timeout: duration.prefault('10s').describe('`command`: how long each of them may take.'),
  bake: duration
    .prefault('2m')
    .describe(
      'How long the new version is watched with all traffic and the flag at 0 %: what it does then is what it is compared with later.',
    ),
  steps: z
    .array(z.number().int().positive().max(100))
    .min(1)
    .refine(
      (s) => s.at(-1) === 100 && s.every((w, i) => i === 0 || w > (s[i - 1] ?? 0)),
      'whole percentages that rise and end with 100',
    )
    .default([5, 25, 50, 100])
    .describe('The share of users who see the feature, percent: rising, the last 100.'),
  duration: duration.prefault('5m').describe('How long each step is watched.'),
  rollback: z
    .enum(['stable', 'keep'])
    .default('stable')
    .describe(
      'What serves after a rollback, the flag at 0 % in either case: `stable` is the version before, `keep` the new one, where it is healthy without the feature.',
    ),
});

/** The settings of the strategy `feature-flag`, refused as a whole where its parts do not fit. */
export const flagSettingsSchema = plain.superRefine((flag, context) => {
  const problem = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  const file = flag.provider === 'file';
  if (file && flag.path === undefined) problem('path', 'the file with the flags');
  if (!file && flag.path !== undefined) problem('path', 'nothing here for the provider command');
  if (file && flag.on === flag.off) problem('on', 'another variant than `off`');
  for (const key of ['set', 'read'] as const) {
    if (file && flag[key]) problem(key, 'nothing here for the provider file');
    if (!file && !flag[key]?.[0]) problem(key, 'a program and its arguments');
  }
  if (flag.timeout < 100 || flag.timeout > 300_000) problem('timeout', '100ms to 5m');
});
export type FlagSettings = z.infer<typeof flagSettingsSchema>;
