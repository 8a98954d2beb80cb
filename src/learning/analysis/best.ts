import type { Best, Comparison } from '../../domain/analysis-comparison.ts';
import { shareWords } from '../../domain/analysis-words.ts';
import { counted } from '../../domain/counted.ts';
import { kindName, wherein } from '../../domain/kind-words.ts';

const asked = ['batch', 'weekday', 'hours'] as const;

/** With which number of features, on which weekday and at which hours deployments fare best, as far as these numbers can tell. */
export function bestOf(comparisons: readonly Comparison[], counts: number): Best[] {
  return asked.map((of) => {
    const kinds = comparisons.filter(({ group }) => group === of);
    const could = kinds.filter(({ verdict }) => verdict !== 'too-little');
    const [first] = could.toSorted((a, b) => b.interval[0] - a.interval[0] || b.n - a.n);
    if (!first)
      return {
        of,
        verdict: 'too-little',
        key: null,
        count: 0,
        n: counts,
        interval: [0, 1],
        text: `${wherein[of]}: not enough history: of ${counted(counts, 'deployment')} that ${counts === 1 ? 'counts' : 'count'}, whichever had failed, no difference could be told from chance yet.`,
      };
    const [best] = could
      .filter(({ verdict }) => verdict === 'better')
      .toSorted((a, b) => b.interval[0] - a.interval[0]);
    const { key, count, n, interval } = best ?? first;
    const name = kindName({ group: of, key });
    return {
      of,
      verdict: best ? 'shown' : 'not-shown',
      key,
      count,
      n,
      interval,
      text: best
        ? `${wherein[of]}: ${name} fares best: ${shareWords(best)} succeeded, of the others ${shareWords(best.others)}.`
        : `${wherein[of]}: none is shown to be best; so far ${name} has the surest record: ${shareWords(first)} succeeded.`,
    };
  });
}
