import { z } from 'zod';

/** A name that HTTP lets a header or a cookie have (RFC 9110 5.6.2, RFC 6265 4.1.1). */
export const tokenSchema = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/);

/** What a header may say: printable ASCII without space at its ends, so that it cannot break out of its line. */
export const headerValueSchema = z.string().regex(/^[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?$/);

/**
 * Whom the candidate is shown to: requests that carry a header with exactly this value, or visitors drawn by weight, who
 * keep their side by a cookie.
 */
export const cohortSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('header'), name: tokenSchema, value: headerValueSchema }),
  z.strictObject({ kind: z.literal('cookie'), name: tokenSchema }),
]);
export type Cohort = z.infer<typeof cohortSchema>;

/** Whether both mean the same requests; undefined is everybody. */
export function sameCohort(one: Cohort | undefined, other: Cohort | undefined): boolean {
  if (one?.kind !== other?.kind || one?.name !== other?.name) return false;
  return one?.kind !== 'header' || other?.kind !== 'header' || one.value === other.value;
}
