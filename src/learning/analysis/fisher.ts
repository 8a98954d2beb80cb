/** Outcomes of one kind among all that are compared: so many of its `n` failed, so many of all `total`. */
export interface Table {
  failed: number;
  n: number;
  allFailed: number;
  total: number;
}

/**
 * Fisher's exact test, two-sided (R. A. Fisher, "Statistical methods for research workers", 1934): how probable a difference between
 * one kind and all others is that is no likelier than the one seen, if outcomes fell on them by chance alone. `least` is the smallest
 * such probability that these sizes allow, however the outcomes fall: what is above the level asked for could never show anything.
 */
export function fisher({ failed, n, allFailed, total }: Table): { p: number; least: number } {
  const low = Math.max(0, n + allFailed - total);
  const high = Math.min(n, allFailed);
  if (high <= low) return { p: 1, least: 1 };
  const terms = hypergeometric(low, high, { n, allFailed, total });
  const sum = terms.reduce((all, term) => all + term, 0);
  const asRare = (at: number) => {
    const seen = terms[at - low] ?? 0;
    // Equal probabilities differ in their last digits by the way they were reached.
    const most = seen * (1 + 1e-9);
    return Math.min(1, terms.reduce((all, term) => (term <= most ? all + term : all), 0) / sum);
  };
  return { p: asRare(Math.max(low, Math.min(high, failed))), least: Math.min(asRare(low), asRare(high)) };
}

/** How probable each number of failures from `low` to `high` is beside the likeliest, which is 1; what is beyond 1e-300 of it is 0. */
function hypergeometric(low: number, high: number, { n, allFailed, total }: Omit<Table, 'failed'>): number[] {
  const terms = Array.from({ length: high - low + 1 }, () => 0);
  const likeliest = Math.max(low, Math.min(high, Math.floor(((n + 1) * (allFailed + 1)) / (total + 2))));
  const ratio = (x: number) => ((allFailed - x) * (n - x)) / ((x + 1) * (total - allFailed - n + x + 1));
  terms[likeliest - low] = 1;
  let term = 1;
  for (let x = likeliest; x < high && term > 1e-300; x += 1) {
    term *= ratio(x);
    terms[x + 1 - low] = term;
  }
  term = 1;
  for (let x = likeliest - 1; x >= low && term > 1e-300; x -= 1) {
    term /= ratio(x);
    terms[x - low] = term;
  }
  return terms;
}
