import { z } from 'zod';

/** How grave something is that a scanner found, the gravest first. */
export const severities = ['critical', 'high', 'moderate', 'low', 'info'] as const;
export const findingSeveritySchema = z.enum(severities);
export type FindingSeverity = z.infer<typeof findingSeveritySchema>;

/** What a scanner found; texts safe to print. */
export const findingSchema = z.object({
  severity: findingSeveritySchema,
  title: z.string(),
  place: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;

/** Those that are at least as grave as `from`. */
export function asGraveAs(findings: readonly Finding[], from: FindingSeverity): Finding[] {
  return findings.filter(({ severity }) => severities.indexOf(severity) <= severities.indexOf(from));
}

/** How many there are of each severity, in words: `2 high, 1 low`. */
export function findingWords(findings: readonly Finding[]): string {
  return severities
    .map((severity) => [severity, findings.filter((one) => one.severity === severity).length] as const)
    .filter(([, n]) => n > 0)
    .map(([severity, n]) => `${n} ${severity}`)
    .join(', ');
}
