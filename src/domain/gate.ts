import { z } from 'zod';

/** Where in a deployment a gate stands (REQUIREMENTS G1, G2, G3). */
export const gateTimes = ['before', 'during', 'after'] as const;
export const gateTimeSchema = z.enum(gateTimes);
export type GateTime = z.infer<typeof gateTimeSchema>;

/** What a gate that failed does: it stops the deployment, or is only told. */
export const severitySchema = z.enum(['blocking', 'warning']);
export type Severity = z.infer<typeof severitySchema>;

/** A person's word that a gate shall not stop this deployment; recorded and audited. */
export const overrideSchema = z.object({ gate: z.string(), by: z.string(), why: z.string() });
export type Override = z.infer<typeof overrideSchema>;

/** How a gate stands, everything in it safe to print. */
export const gateResultSchema = z.object({
  id: z.string(),
  title: z.string(),
  when: gateTimeSchema,
  status: z.enum(['passed', 'failed', 'skipped']),
  severity: severitySchema,
  /** A sentence with the value that decided, or why there was nothing to look at. */
  detail: z.string(),
  /** What to do about it, where it failed. */
  fix: z.string().optional(),
  /** When it will hold by itself, where that is known. */
  opensAt: z.iso.datetime().optional(),
  /** Who lets it pass all the same, and why. */
  override: overrideSchema.omit({ gate: true }).optional(),
  /** Index of the phase it was looked at in, where it stands during a rollout. */
  phase: z.number().int().optional(),
});
export type GateResult = z.infer<typeof gateResultSchema>;

/** The gates that keep a deployment from going on. */
export function stopping(results: readonly GateResult[]): GateResult[] {
  return results.filter(
    ({ status, severity, override }) => status === 'failed' && severity === 'blocking' && !override,
  );
}

/** Why a deployment does not go on, in words: each gate that stops it. */
export function stoppingWords(results: readonly GateResult[]): string {
  return stopping(results)
    .map(({ title, detail }) => `${title}: ${detail}`)
    .join('; ');
}

/** How the gates of a time stand together, in a line: what stops first, else how many there are and what is only told. */
export function gatesWords(results: readonly GateResult[]): string {
  const stops = stopping(results);
  if (stops.length > 0) return `gates refuse: ${stoppingWords(results)}`;
  const of = (status: GateResult['status']) => results.filter((result) => result.status === status).length;
  const told = results.filter(({ status }) => status === 'failed');
  return [
    `${of('passed')} of ${results.length} gates passed`,
    ...(of('skipped') > 0 ? [`${of('skipped')} skipped`] : []),
    ...told.map(
      ({ title, detail, override }) =>
        `${title}: ${detail} (${override ? `let pass by ${override.by}: ${override.why}` : 'told only'})`,
    ),
  ].join('; ');
}
