import { z } from 'zod';

const line = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stage.started'), stage: z.string() }),
  z.object({
    type: z.literal('suite.finished'),
    result: z.object({ suite: z.string(), status: z.string(), durationMs: z.number() }),
  }),
  z.object({ type: z.literal('candidate.started'), port: z.number() }),
  z.object({ type: z.literal('phase.started'), name: z.string(), weight: z.number() }),
  z.object({
    type: z.literal('phase.decided'),
    decision: z.looseObject({ verdict: z.looseObject({ reason: z.string() }) }),
  }),
  z.object({ type: z.literal('deployment.paused'), reason: z.string() }),
  z.object({ type: z.literal('rollback.started'), reason: z.string() }),
  z.object({ type: z.literal('culprit.found'), culprit: z.looseObject({ reason: z.string() }) }),
]);

/** An event of a deployment in a few words; undefined for those a watcher need not see. */
export function narrate(event: unknown): string | undefined {
  const known = line.safeParse(event);
  if (!known.success) return undefined;
  const it = known.data;
  switch (it.type) {
    case 'stage.started':
      return `${it.stage} …`;
    case 'suite.finished':
      return `  suite ${it.result.suite} ${it.result.status} in ${(it.result.durationMs / 1000).toFixed(1)} s`;
    case 'candidate.started':
      return `  the candidate runs on port ${it.port}`;
    case 'phase.started':
      return `  ${it.name}: ${it.weight} % of the users`;
    case 'phase.decided':
      return `    ${it.decision.verdict.reason}`;
    case 'deployment.paused':
      return `  paused: ${it.reason}`;
    case 'rollback.started':
      return `  rolling back: ${it.reason}`;
    case 'culprit.found':
      return `  ${it.culprit.reason}`;
    default:
      it satisfies never;
      return undefined;
  }
}
