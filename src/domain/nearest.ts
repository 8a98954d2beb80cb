/** Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`: the optimal string alignment distance. */
export function editDistance(a: string, b: string): number {
  const from = [...a];
  const to = [...b];
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, x] of from.entries()) {
    const row = [i + 1];
    for (const [j, y] of to.entries()) {
      const replaced = (last[j] ?? 0) + (x === y ? 0 : 1);
      let best = Math.min(replaced, (last[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1);
      if (i > 0 && j > 0 && x === to[j - 1] && from[i - 1] === y)
        best = Math.min(best, (beforeLast[j - 1] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length] ?? 0;
}

/**
 * The known name that `word` was most likely meant to be, letter case aside; undefined when none is within a third
 * of the word's length (one edit at least). The first of equally near names wins.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const wanted = word.slice(0, 100).toLowerCase();
  const reach = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let bestDistance = reach + 1;
  for (const name of known) {
    if (Math.abs(name.length - wanted.length) > reach) continue;
    const distance = editDistance(wanted, name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}
