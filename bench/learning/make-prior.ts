import {
  bentInputs,
  countedMetrics,
  pairedInputs,
  scaledBy,
  scaledRanks,
  turned,
  type Scales,
} from '../../src/domain/risk/change-inputs.ts';
import { soundCount } from '../../src/domain/risk/change-metrics.ts';
import type { ChangePrior } from '../../src/domain/risk/change-prior.ts';
import {
  evenShares,
  ranksOf,
  stepsOf,
  withChange,
  type MetricShares,
} from '../../src/domain/risk/metric-shares.ts';
import { DenseFilter } from './dense-filter.ts';
import { eigenvectors } from './eigenvectors.ts';
import type { LabelledChange } from './labelled-change.ts';

/** What a coefficient is expected to be before any project, as a variance; and how much one change of a project counts. */
const VARIANCE = 0.05;
const WEIGHT = 0.5;

/** What these projects teach about another one: each project's changes in the order of time, oldest first. */
export function makePrior(projects: readonly (readonly LabelledChange[])[]): ChangePrior {
  const all = projects.flat();
  const scales = scalesOf(all);
  const shares = sharesOf(all);
  const { centre, turn } = turnOf(all.map(({ metrics }) => scaledBy(scales, metrics)));
  const paired = fit(
    projects.map((changes) =>
      changes.map(({ metrics, defective }) => ({
        x: Float64Array.from(pairedInputs(turned(scaledBy(scales, metrics), turn, centre), metrics.fix)),
        outcome: defective ? 1 : 0,
      })),
    ),
  );
  const bent = fit(
    projects.map((changes) => {
      let own = shares;
      return changes.map(({ metrics, defective }, n) => {
        const x = Float64Array.from(bentInputs(scaledRanks(ranksOf(own, metrics)), metrics.fix));
        own = withChange(own, metrics, n);
        return { x, outcome: defective ? 1 : 0 };
      });
    }),
  );
  return {
    base: shortened(all.filter(({ defective }) => defective).length / all.length, 4),
    scales,
    shares: shares.map((of) => of.map((share) => shortened(share, 5))),
    centre: centre.map((value) => shortened(value, 4)),
    turn: turn.map((row) => row.map((value) => shortened(value, 4))),
    paired: paired.mean.map((value) => shortened(value, 4)),
    bent: bent.mean.map((value) => shortened(value, 4)),
    directions: eigenvectors(bent.information, bent.mean.length).vectors.map((row) =>
      row.map((value) => shortened(value, 3)),
    ),
  };
}

const shortened = (value: number, decimals: number): number => Number(value.toFixed(decimals)) + 0;

function scalesOf(changes: readonly LabelledChange[]): Scales {
  return countedMetrics.map((name) => {
    let sum = 0;
    let squares = 0;
    for (const { metrics } of changes) {
      const value = Math.log1p(soundCount(metrics[name]));
      sum += value;
      squares += value * value;
    }
    const mean = sum / changes.length;
    const deviation = Math.sqrt(Math.max(0.01, squares / changes.length - mean * mean));
    return [shortened(mean, 4), shortened(deviation, 4)] as const;
  });
}

function sharesOf(changes: readonly LabelledChange[]): MetricShares {
  const counts = evenShares().map((of) => of.map(() => 0));
  for (const { metrics } of changes)
    stepsOf(metrics).forEach((step, metric) => {
      const of = counts[metric];
      if (of) of[step] = (of[step] ?? 0) + 1;
    });
  return counts.map((of) => of.map((count) => (count + 1) / (changes.length + of.length)));
}

/** Turns values so that they do not go together, each then spread by 1. */
function turnOf(values: readonly number[][]): { centre: number[]; turn: number[][] } {
  const d = countedMetrics.length;
  const centre = Array.from({ length: d }, (_, i) => {
    let sum = 0;
    for (const row of values) sum += row[i] ?? 0;
    return sum / values.length;
  });
  const covariance = new Float64Array(d * d);
  for (const row of values)
    for (let i = 0; i < d; i += 1)
      for (let j = i; j < d; j += 1) {
        const both = ((row[i] ?? 0) - (centre[i] ?? 0)) * ((row[j] ?? 0) - (centre[j] ?? 0));
        covariance[i * d + j] = (covariance[i * d + j] ?? 0) + both / values.length;
      }
  const { values: spread, vectors } = eigenvectors(covariance, d);
  return {
    centre,
    // A direction in which nothing varies is not stretched without limit.
    turn: vectors.map((row, i) => row.map((value) => value / Math.sqrt((spread[i] ?? 0) + 0.02))),
  };
}

/** Coefficients learned from the projects side by side, and the information the changes held about them. */
function fit(projects: readonly { x: Float64Array; outcome: number }[][]): {
  mean: number[];
  information: Float64Array;
} {
  const d = projects[0]?.[0]?.x.length ?? 0;
  const filter = new DenseFilter(d, VARIANCE);
  const information = new Float64Array(d * d);
  const longest = Math.max(...projects.map(({ length }) => length));
  for (let i = 0; i < longest; i += 1)
    for (const changes of projects) {
      const at = Math.floor((i * changes.length) / longest);
      if (i > 0 && at === Math.floor(((i - 1) * changes.length) / longest)) continue;
      const change = changes[at];
      if (!change) continue;
      const weight = filter.learn(change.x, change.outcome, WEIGHT);
      if (i % 3 > 0) continue;
      for (let a = 0; a < d; a += 1) {
        const xa = weight * (change.x[a] ?? 0);
        if (xa === 0) continue;
        for (let b = a; b < d; b += 1)
          information[a * d + b] = (information[a * d + b] ?? 0) + xa * (change.x[b] ?? 0);
      }
    }
  return { mean: Array.from(filter.mean), information };
}
