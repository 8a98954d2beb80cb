import { z } from 'zod';

const names = z
  .array(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/))
  .max(20)
  .refine((all) => new Set(all).size === all.length, 'names that are all different');

const whole = z.strictObject({
  severity: z
    .enum(['blocking', 'warning', 'off'])
    .default('blocking')
    .describe('What it does when it failed.'),
  names: names.default([]).describe('Who has to sign off, under names you choose.'),
  by_another: z
    .boolean()
    .default(false)
    .describe('Whether each has to be given by somebody else than who asked for the deployment.'),
});

/** `gates.sign_offs`: a list of names alone, or names with severity and `by_another`. */
export const signOffSettings = z
  .union([names.transform((list) => whole.parse({ names: list })), whole])
  .prefault({})
  .meta({ title: 'names, or `names`, `by_another`, `severity`' })
  .describe(
    'Sign-offs that a person gives for exactly this candidate, such as `[qa, code-review, documentation]`: `orchestrate deploy sign-off NAME`. See docs/gates.md.',
  );
