import { probablyChance } from './rank-sum.ts';
import type { Measurement } from './suite-result.ts';

/** How seldom noise may be taken for a change. A deployment is looked at once, so this is no further divided. */
const significance = 0.05;

/** How a measurement stands against the baseline. */
export interface Compared {
  name: string;
  unit: string | undefined;
  value: number;
  baseline: number;
  /** Percent by which it is worse; negative where it is better. */
  worse: number;
  kind: 'kept' | 'worse' | 'noise';
  /** Whether single readings were compared too; else the limit alone decided. */
  tested: boolean;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0];
  return (low + high) / 2;
}

/**
 * A measurement against the same one of earlier runs: their median, and where both sides have readings enough, whether noise explains
 * the difference. Undefined without any, and where the baseline is 0, of which no percentage can be taken.
 */
export function compareMeasurement(
  now: Measurement,
  earlier: readonly Measurement[],
  tolerance: number,
): Compared | undefined {
  const same = earlier.filter(({ name, unit }) => name === now.name && unit === now.unit);
  if (same.length === 0) return undefined;
  const baseline = median(same.map(({ value }) => value));
  if (baseline === 0) return undefined;
  const sign = now.higherIsBetter === true ? -1 : 1;
  const worse = (100 * sign * (now.value - baseline)) / Math.abs(baseline);
  const signed = (samples: readonly number[] = []) => samples.map((value) => sign * value);
  const chance = probablyChance(
    signed(now.samples),
    same.flatMap(({ samples }) => signed(samples)),
  );
  const kind =
    worse <= tolerance ? 'kept' : chance !== undefined && chance > significance ? 'noise' : 'worse';
  return {
    name: now.name,
    unit: now.unit,
    value: now.value,
    baseline,
    worse,
    kind,
    tested: chance !== undefined,
  };
}
