import type { Deployment } from './deployment.ts';
import type { Phase } from './plan.ts';

type Cohorts = readonly Pick<Phase, 'cohort'>[];

/** Whom a phase shows the candidate to, in a few words: `25 %`, `header`, `flag 25 %`. */
export function shareWords({ weight, cohort, flag }: Pick<Phase, 'weight' | 'cohort' | 'flag'>): string {
  if (cohort?.kind === 'header') return 'header';
  if (flag !== undefined) return `flag ${flag} %`;
  return `${weight} %`;
}

/** What a phase's traffic is, as a sentence's beginning without its full stop. */
export function shareSentence(phase: Pick<Phase, 'weight' | 'cohort' | 'flag'>): string {
  const { weight, cohort, flag } = phase;
  if (cohort?.kind === 'header') return 'Requests with the header on the new version';
  if (cohort) return `${weight} % of new visitors on the new version`;
  const traffic = `${weight} % of traffic on the new version`;
  return flag === undefined ? traffic : `${traffic}, its flag at ${flag} %`;
}

/**
 * Whom a share (percent) of one of these phases means: `25 %`, or `requests with X-Beta: yes` where a header says who
 * comes to the candidate, and the share is only the lowest that a router knows.
 */
export function reachWords(share: number, phase: number, phases: Cohorts): string {
  const cohort = phases[phase]?.cohort;
  return cohort?.kind === 'header' && share > 0
    ? `requests with ${cohort.name}: ${cohort.value}`
    : `${share} %`;
}

/**
 * What the candidate has of the traffic, `25 % of traffic`, for a line about the deployment. Undefined on the way back
 * until that is over: the router, or its dead man's switch, may have been faster than what is on record.
 */
export function trafficWords(d: Deployment): string | undefined {
  const { actual } = d.weight;
  if (d.status.kind === 'rolling_back' && !d.restored) return undefined;
  const reach = reachWords(actual, phaseOfTraffic(d), d.phases);
  return reach === `${actual} %` ? `${reach} of traffic` : reach;
}

/** Index of the phase whose share the candidate has: while the next one moves traffic, still the one before. */
export function phaseOfTraffic({ phases }: Deployment): number {
  return phases.findLastIndex(({ weightAt }) => weightAt !== undefined);
}
