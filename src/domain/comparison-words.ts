import type { Claims, Comparison } from './analysis-comparison.ts';
import { shareWords } from './analysis-words.ts';
import type { ChangeScore } from './risk/change-score.ts';
import { counted } from './counted.ts';

/** How a kind of deployment is marked where it differs from the others. */
export const marks = { worse: '▼', better: '▲' } as const;

/** `p < 0.001`: how probable it is by chance. */
export function chanceWords(chance: number): string {
  return chance < 0.001 ? 'p < 0.001' : `p = ${chance.toFixed(3)}`;
}

/** A difference that is beyond chance, in a sentence without its end. */
export function differenceWords({ what, others, adjusted, verdict, ...share }: Comparison): string {
  const than = verdict === 'better' ? 'better' : 'worse';
  return `${what} fare ${than}: ${shareWords(share)} succeeded, of the others ${shareWords(others)} (${chanceWords(adjusted ?? 1)})`;
}

/** How many comparisons were made and what that makes of them. */
export function claimsWords({ rate, compared, tooLittle }: Claims): string {
  const few =
    tooLittle === 0
      ? ''
      : ` ${counted(tooLittle, compared === 0 ? 'kind' : 'more kind')} ${tooLittle === 1 ? 'has' : 'have'} too few deployments to show anything yet.`;
  if (compared === 0) return `Not enough history for comparisons.${few}`;
  return `${counted(compared, 'comparison')}, p adjusted for all of them (Holm): where nothing differs, at most ${Math.round(rate * 100)} % of histories show any difference.${few}`;
}

/** Why nothing is advised: that too little is known is no finding. */
export function noAdviceWords({ compared }: Claims): string {
  return compared === 0
    ? 'not enough history: no two kinds of deployments could be told apart yet'
    : `no kind of deployment differs from the others beyond chance (${counted(compared, 'comparison')})`;
}

/** How well changes were judged before it was known what became of them. */
export function changeScoreWords({
  n,
  defective,
  auc,
  brier,
  baseBrier,
  calibrationError,
}: ChangeScore): string[] {
  if (n === 0 || brier === undefined || baseBrier === undefined || calibrationError === undefined)
    return [
      'Not enough history: no change of the past could be judged yet before it was known what became of it.',
    ];
  return [
    `${counted(n, 'change')} of the past, each judged before it was known what became of it; ${defective} were taken back or needed a fix.`,
    `Brier score ${brier.toFixed(3)}, against ${baseBrier.toFixed(3)} of always saying the base rate; calibration error ${calibrationError.toFixed(3)} (n=${n}).`,
    ...(auc === undefined
      ? []
      : [`A defective change was judged worse than a sound one in ${Math.round(auc * 100)} % of pairs.`]),
  ];
}
