import type { Phase } from './plan.ts';

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
