import type { Claims, Comparison } from './analysis-comparison.ts';
import { shareWords } from './analysis-words.ts';
import type { ChangeScore } from './change-score.ts';
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
      : ` ${counted(tooLittle, 'more kind')} ${tooLittle === 1 ? 'has' : 'have'} too few deployments to show anything yet.`;
  if (compared === 0) return `Not enough history for comparisons.${few}`;
  return `${counted(compared, 'comparison')}, p adjusted for all of them (Holm): where nothing differs, at most ${Math.round(rate * 100)} % of histories show any difference.${few}`;
}

/** How well changes were judged before it was known what became of them. */
export function changeScoreWords(score: ChangeScore): string[] {
  const { n, defective, auc, brier, baseRateBrier, calibrationError } = score;
  if (n === 0) return ['No change of the past is old enough yet to tell how well changes are judged.'];
  return [
    `${counted(n, 'change')} of the past, each judged before it was known what became of it; ${defective} were taken back or needed a fix.`,
    `Brier score ${brier.toFixed(3)}, against ${baseRateBrier.toFixed(3)} of always saying the base rate; calibration error ${calibrationError.toFixed(3)} (n=${n}).`,
    ...(auc === null
      ? []
      : [
          `A defective change was held to be riskier than a sound one in ${Math.round(auc * 100)} % of pairs.`,
        ]),
  ];
}
