import { z } from 'zod';
import type { Deployment } from './deployment.ts';
import { testsHold } from './testing-verdict.ts';
import type { WaitsFor } from './waits-for.ts';

/** Something that can be done now: as a command line, and as a key of the screen where there is one. */
export const optionSchema = z.object({
  command: z.string(),
  key: z.string().optional(),
  /** What it does. */
  does: z.string(),
});
export type Option = z.infer<typeof optionSchema>;

/** What a person can do, what gets on first. Pure. */
export function options(d: Deployment, waits: Pick<WaitsFor, 'kind'>): Option[] {
  const deploy = (verb: string, key: string | undefined, does: string): Option => ({
    command: `orchestrate deploy ${verb} --env ${d.environment}`,
    ...(key === undefined ? {} : { key }),
    does,
  });
  const watch: Option = { command: 'orchestrate status --monitor', does: 'a line per change' };
  const back =
    d.stages.production.status === 'active' ? 'stops and restores stable' : 'ends it before its rollout';
  const abort = deploy('abort', 'a', back);
  if (d.status.kind === 'rolling_back' || d.status.kind === 'concluding') return [watch];
  if (d.status.kind === 'waiting') {
    const failed = testsHold(d);
    return [
      ...(failed
        ? [deploy('rerun SUITE', 'R', 'runs a suite again on the same candidate')]
        : [{ command: 'orchestrate', key: 'n', does: 'goes on, on the screen' }]),
      abort,
    ];
  }
  if (d.status.kind === 'paused') {
    if (d.approval?.kind === 'requested')
      return [deploy('approve', 'P', 'says yes'), deploy('reject', undefined, 'says no: stable is restored')];
    return [
      ...(d.held
        ? [deploy('retry', 't', 'tries it again'), deploy('promote', 'P', 'goes on without it')]
        : [
            deploy('resume', 'p', 'goes on with the phase'),
            deploy('promote', 'P', 'finishes the phase now'),
          ]),
      abort,
    ];
  }
  if (waits.kind === 'phase' || waits.kind === 'judge')
    return [deploy('promote', 'P', 'finishes the phase now'), deploy('pause', 'p', 'holds the phase'), abort];
  return [watch, abort];
}
