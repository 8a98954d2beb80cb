import { soundCount, type ChangeMetrics } from './change-metrics.ts';

/** The metrics that are counts, in the order in which scales are kept. */
export const countedMetrics = [
  'ns',
  'nd',
  'nf',
  'entropy',
  'la',
  'ld',
  'lt',
  'ndev',
  'age',
  'nuc',
  'exp',
  'rexp',
  'sexp',
] as const satisfies readonly (keyof ChangeMetrics)[];
export type CountedMetric = (typeof countedMetrics)[number];

/** Where each metric's logarithm usually lies and how far it spreads: [mean, standard deviation] each. */
export type Scales = Readonly<Record<CountedMetric, readonly [number, number]>>;

/** How many inputs there are, the constant one included. */
export const inputCount = 28;

/**
 * The regression's inputs of a change: each metric's logarithm by its scale, bends where more of it stops to matter or
 * begins to (hinges), and what matters together. Few and fixed, so that each stays explicable.
 */
export function inputsOf(metrics: ChangeMetrics, scales: Scales): number[] {
  const z = (name: CountedMetric): number => {
    const [mean, deviation] = scales[name];
    const value = (Math.log1p(soundCount(metrics[name])) - mean) / deviation;
    return Math.min(4, Math.max(-4, value));
  };
  const [ns, nd, nf, entropy] = [z('ns'), z('nd'), z('nf'), z('entropy')];
  const [la, ld, lt] = [z('la'), z('ld'), z('lt')];
  const [ndev, age, nuc] = [z('ndev'), z('age'), z('nuc')];
  const [exp, rexp, sexp] = [z('exp'), z('rexp'), z('sexp')];
  const fix = metrics.fix ? 1 : 0;
  const over = (value: number, bend: number): number => Math.max(0, value - bend);
  return [
    1,
    la,
    ld,
    lt,
    ns,
    nd,
    nf,
    entropy,
    fix,
    ndev,
    age,
    nuc,
    exp,
    rexp,
    sexp,
    over(la, -0.7),
    over(la, 0.7),
    over(ld, 0.5),
    over(lt, 0.5),
    over(nf, 0.5),
    over(age, 0.5),
    over(nuc, 0.5),
    la * nf,
    la * lt,
    la * ndev,
    la * exp,
    la * fix,
    ndev * age,
  ];
}
