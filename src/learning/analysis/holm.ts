/** One test among several: its own probability of chance, and the smallest its sizes allow. */
export interface Tested {
  p: number;
  least: number;
}

/**
 * Probabilities of chance as they are once several questions are asked of one history, by Holm's step-down method (S. Holm, "A simple
 * sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979): where none of the differences is
 * real, the share of histories in which any adjusted one is at most `level` is at most `level`, however the questions hang together.
 * Questions that so few outcomes cannot answer are not counted (R. E. Tarone, "A modified Bonferroni method for discrete data",
 * Biometrics 46, 1990): which these are follows from the sizes alone. They are undefined.
 */
export function adjusted(tests: readonly Tested[], level: number): (number | undefined)[] {
  const answerable = answerableOf(tests, level);
  const inOrder = tests
    .map((test, at) => ({ ...test, at }))
    .filter(({ at }) => answerable.has(at))
    .sort((a, b) => a.p - b.p);
  const result: (number | undefined)[] = tests.map(() => undefined);
  let most = 0;
  for (const [rank, { p, at }] of inOrder.entries()) {
    most = Math.max(most, Math.min(1, p * (inOrder.length - rank)));
    result[at] = most;
  }
  return result;
}

/** Tarone's choice: the fewest that fit into their own number at `level`. */
function answerableOf(tests: readonly Tested[], level: number): ReadonlySet<number> {
  const inOrder = tests.map(({ least }, at) => ({ least, at })).sort((a, b) => a.least - b.least);
  for (let share = 1; share <= inOrder.length; share += 1) {
    const next = inOrder[share];
    if (next === undefined || next.least > level / share)
      return new Set(inOrder.filter(({ least }) => least <= level / share).map(({ at }) => at));
  }
  return new Set();
}
