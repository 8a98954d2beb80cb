import type { Comparison, Claims } from '../../domain/analysis-comparison.ts';
import type { Group, Share } from '../../domain/analysis.ts';
import { whatOf } from '../pattern-words.ts';
import { fisher } from './fisher.ts';
import { adjusted } from './holm.ts';
import { differenceOf, shareOf } from './intervals.ts';

/** One way to tell deployments apart, and all deployments that it tells anything about. */
export interface Grouping {
  group: string;
  groups: readonly Group[];
  all: Share;
}

/**
 * Of histories in which nothing differs, at most this share shows any difference that is called one. Half of it is for the
 * comparisons of kinds, half for the questions asked of every history (`questions.ts`).
 */
export const falseClaims = 0.05;
export const levelOfEach = falseClaims / 2;

/**
 * Every kind of deployment against the others, and what chance leaves of that: Fisher's exact test of each, all of them adjusted
 * together by Holm's method. What goes together need not be its cause.
 */
export function comparisonsOf(groupings: readonly Grouping[]): Comparison[] {
  const compared = groupings.flatMap(({ group, groups, all }) =>
    groups.map((one) => {
      const others = shareOf(all.count - one.count, all.n - one.n);
      const table = {
        failed: one.n - one.count,
        n: one.n,
        allFailed: all.n - all.count,
        total: all.n,
      };
      return { group, one, others, ...fisher(table) };
    }),
  );
  const chances = adjusted(compared, levelOfEach);
  return compared.map(({ group, one, others, p }, i): Comparison => {
    const chance = chances[i];
    return {
      group,
      ...one,
      what: whatOf({ group, key: one.key }),
      others,
      difference: {
        value: one.n === 0 || others.n === 0 ? 0 : one.count / one.n - others.count / others.n,
        interval: differenceOf(one, others, 1.645),
      },
      p,
      adjusted: chance ?? null,
      verdict: verdictOf(one, others, chance),
    };
  });
}

function verdictOf(one: Share, others: Share, chance: number | undefined): Comparison['verdict'] {
  if (chance === undefined) return 'too-little';
  const [low, high] = differenceOf(one, others);
  if (chance > levelOfEach || (low <= 0 && high >= 0)) return 'unclear';
  return high < 0 ? 'worse' : 'better';
}

/** How the comparisons were kept honest, for whoever reads them. */
export function claimsOf(comparisons: readonly Comparison[]): Claims {
  const tooLittle = comparisons.filter(({ verdict }) => verdict === 'too-little').length;
  return {
    method:
      "Fisher's exact test of each, two-sided; adjusted together by Holm's method, what could show nothing left out (Tarone)",
    source: 'Holm, Scandinavian Journal of Statistics 6, 1979; Tarone, Biometrics 46, 1990',
    rate: falseClaims,
    compared: comparisons.length - tooLittle,
    tooLittle,
  };
}
