import type { Deployment } from './deployment.ts';
import type { Event } from './event.ts';
import type { FlagProgress } from './flag.ts';
import { since } from './sample.ts';

/** The phase a flag is set for on the way back. */
export const wayBack = -1;

/** The flag after its service said what it is now. */
export function flagSet(d: Deployment, event: Extract<Event, { type: 'flag.set' }>): FlagProgress {
  return {
    before: event.before ?? event.actual,
    ...d.flag,
    percent: event.actual,
    phase: event.phase,
  };
}

/** The flag with what the candidate did until now as its baseline, once the phase at 0 % is over. */
export function withBaseline({ flag, phases, phase, samples }: Deployment): FlagProgress | undefined {
  const began = phases[phase]?.flag === 0 ? phases[phase].weightAt : undefined;
  const until = samples.at(-1)?.candidate;
  if (!flag || began === undefined || !until) return flag;
  const from = samples.findLast(({ at }) => at < began)?.candidate ?? samples[0]?.candidate;
  return { ...flag, baseline: { counts: since(from, until), until } };
}

/** Whether users may see what the flag hides, so that it has to be set to 0 % before a rollback is over. */
export function flagMustGo({ plan, flag, phases }: Deployment): boolean {
  if (!plan.flag || !flag) return false;
  const raised = phases.some((phase) => (phase.flag ?? 0) > 0 && phase.startedAt !== undefined);
  return raised && !(flag.phase === wayBack && flag.percent === 0);
}
