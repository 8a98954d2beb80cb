import { z } from 'zod';

/** Four, never two: inconclusive is too little data, error is no measurement at all; neither ever passes. */
const verdictKindSchema = z.enum(['passed', 'failed', 'inconclusive', 'error']);

const verdictSchema = z.object({
  kind: verdictKindSchema,
  /** Which rule spoke: `error-rate`, `error-evidence`, `latency`, `latency-evidence`, `health`, `memory`, `sample`, `measurement`, `none`. */
  rule: z.string(),
  reason: z.string(),
  /** The numbers behind the reason; rates in percent, latencies in milliseconds, evidence as natural logarithms. */
  data: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** REQUIREMENTS T3: after every look, go on, pause, or roll back; `wait` means the phase is not over yet. */
export const decisionSchema = z.object({
  kind: z.enum(['wait', 'continue', 'pause', 'roll_back']),
  verdict: verdictSchema,
});
export type Decision = z.infer<typeof decisionSchema>;
