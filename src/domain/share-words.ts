import type { Phase } from './plan.ts';

/** Whom a phase shows the candidate to, in a few words: `25 %`, `its header`, `flag 25 %`. */
export function shareWords({ weight, cohort, flag }: Pick<Phase, 'weight' | 'cohort' | 'flag'>): string {
  if (cohort?.kind === 'header') return 'header';
  if (flag !== undefined) return `flag ${flag} %`;
  return `${weight} %`;
}
