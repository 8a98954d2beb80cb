import { soundCount, type ChangeMetrics } from './change-metrics.ts';

/** The metrics that are counts, in the order in which everything about them is kept. */
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

/** Where each metric's logarithm usually lies and how far it spreads: [mean, standard deviation], in their order. */
export type Scales = readonly (readonly [number, number])[];

/** No value is taken for further from the usual than this, in standard deviations. */
const FURTHEST = 4;
const clipped = (value: number): number => Math.min(FURTHEST, Math.max(-FURTHEST, value));

/** The metrics' logarithms by how they lie in other projects. */
export function scaledBy(scales: Scales, metrics: ChangeMetrics): number[] {
  return countedMetrics.map((name, i) => {
    const [mean, deviation] = scales[i] ?? [0, 1];
    return clipped((Math.log1p(soundCount(metrics[name])) - mean) / deviation);
  });
}

/** Ranks, 0…1, on a scale where 0 is the middle and ±1 about a standard deviation. */
export function scaledRanks(ranks: readonly number[]): number[] {
  return ranks.map((rank) => clipped(Math.log(rank / (1 - rank)) / 1.7));
}

/** Values turned and stretched: each row of `turn` gives one value of the values less their `centre`. */
export function turned(
  values: readonly number[],
  turn: readonly (readonly number[])[],
  centre: readonly number[],
): number[] {
  return turn.map((row) => {
    let sum = 0;
    for (let i = 0; i < row.length; i += 1) sum += (row[i] ?? 0) * ((values[i] ?? 0) - (centre[i] ?? 0));
    return clipped(sum);
  });
}

/** Where the weight of a metric may change, in standard deviations from its middle. */
const bends = [-1, -0.3, 0.3, 1];
/** The first metrics have few values, and nowhere to bend. */
const firstBent = 2;
/** How many inputs `bentInputs` gives for 13 metrics. */
export const bentCount = 1 + 13 + 1 + (13 - firstBent) * bends.length;

/** Each metric by itself, its weight free to change at four bends: "more files matter, but the fiftieth no more". */
export function bentInputs(z: readonly number[], fix: boolean): number[] {
  const inputs = [1, ...z, fix ? 1 : 0];
  for (let i = firstBent; i < z.length; i += 1)
    for (const bend of bends) inputs.push(Math.max(0, (z[i] ?? 0) - bend));
  return inputs;
}

/** How many inputs `pairedInputs` gives for 13 metrics. */
export const pairedCount = 1 + 13 + 1 + (13 * 14) / 2 + 13;
/** The share of changes that are fixes, about: what `fix` is measured from in pairs. */
const usualFix = 0.3;

/** Each metric with each other: "many lines by somebody new here". */
export function pairedInputs(z: readonly number[], fix: boolean): number[] {
  const inputs = [1, ...z, fix ? 1 : 0];
  for (let i = 0; i < z.length; i += 1) {
    const own = z[i] ?? 0;
    inputs.push((own * own - 1) / Math.SQRT2);
    for (let j = i + 1; j < z.length; j += 1) inputs.push(own * (z[j] ?? 0));
  }
  for (const own of z) inputs.push(((fix ? 1 : 0) - usualFix) * own);
  return inputs;
}
