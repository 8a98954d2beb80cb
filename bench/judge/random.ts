/** Seeded draws, so that two runs of a bench see the same traffic. */
export interface Random {
  /** Evenly from [0, 1). */
  next(): number;
  /** How many events happen where `mean` are expected, by a table that is drawn up once for each mean. */
  poisson(mean: number): number;
  /** How many of `n` trials come out, each with probability `p`. */
  binomial(n: number, p: number): number;
  /** How many trials fail before the first that comes out, each with probability `p`. */
  geometric(p: number): number;
}

/** A generator of 32 bits of state for each of four words (sfc32, C. Doty-Humphrey, PractRand). */
export function seeded(seed: number): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let d = seed >>> 0;
  const next = () => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let i = 0; i < 16; i += 1) next();

  const geometric = (p: number): number =>
    p >= 1 ? 0 : p <= 0 ? Number.POSITIVE_INFINITY : Math.floor(Math.log(1 - next()) / Math.log1p(-p));
  const binomial = (n: number, p: number): number => {
    let hits = 0;
    for (let i = geometric(p); i < n; i += 1 + geometric(p)) hits += 1;
    return hits;
  };
  const poisson = (mean: number): number => {
    if (!(mean > 0)) return 0;
    const { upTo, from } = tableOf(mean);
    const u = next();
    let n = from[Math.floor(u * from.length)] ?? 0;
    while (u >= (upTo[n] ?? 1)) n += 1;
    return n;
  };
  return { next, poisson, binomial, geometric };
}

interface PoissonTable {
  /** The chance of at most `n`. */
  upTo: Float64Array;
  /** Where in `upTo` to begin looking, for each 1024th of the chance. */
  from: Int32Array;
}

const tables = new Map<number, PoissonTable>();

/** What lies beyond a table has no chance that a double can hold. */
function tableOf(mean: number): PoissonTable {
  const known = tables.get(mean);
  if (known) return known;
  const upTo = new Float64Array(Math.ceil(mean + 12 * Math.sqrt(mean) + 24));
  let logTerm = -mean;
  let sum = 0;
  for (let n = 0; n < upTo.length; n += 1) {
    sum += Math.exp(logTerm);
    upTo[n] = n === upTo.length - 1 ? 1 : sum;
    logTerm += Math.log(mean / (n + 1));
  }
  let n = 0;
  const from = Int32Array.from({ length: 1024 }, (_, i) => {
    while (i / 1024 >= (upTo[n] ?? 1)) n += 1;
    return n;
  });
  const made = { upTo, from };
  tables.set(mean, made);
  return made;
}
