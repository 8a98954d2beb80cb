import { z } from 'zod';
import { factorsOf, type ChangeFactor } from './change-factors.ts';
import {
  bentCount,
  bentInputs,
  countedMetrics,
  pairedCount,
  pairedInputs,
  scaledBy,
  scaledRanks,
  turned,
} from './change-inputs.ts';
import type { ChangeMetrics } from './change-metrics.ts';
import type { ChangePrior } from './change-prior.ts';
import { ranksOf, shareSteps, soundShares, withChange } from './metric-shares.ts';
import { sigmoid } from './online-logistic.ts';
import { predictSeparate, separatePrior, separateSchema, updateSeparate } from './separate-logistic.ts';
import { shippedPrior } from './shipped-prior.ts';

/** What has been learned about the changes of one repository: readable JSON of at most 16 kB. */
export const changeModelSchema = z.object({
  /** Changes learned from, by weight. */
  n: z.number().min(0).max(1e12),
  /** Share of defective changes lately. */
  base: z.number().min(0).max(1),
  /** How the metrics of this repository's changes lie. */
  shares: z
    .array(z.array(z.number()).length(shareSteps))
    .length(countedMetrics.length)
    .transform(soundShares),
  /** What each metric says with each other. */
  paired: separateSchema(pairedCount),
  /** What each metric says by itself: how far from other projects, and in which direction. */
  bent: separateSchema(bentCount + 1),
});
export type ChangeModel = z.infer<typeof changeModelSchema>;

/** How likely a change will later be taken back or need a fix, and why. */
export interface ChangeJudgement {
  /** Probability, 0…1. */
  defect: number;
  /** Its log-odds. */
  logit: number;
  /** 90 %, of `defect`. */
  interval: [number, number];
  /** Changes of this repository learned from, by weight. */
  n: number;
  /** Share of defective changes lately. */
  base: number;
  /** What moves `defect`, strongest first. */
  factors: ChangeFactor[];
}

/** How far a repository's coefficients may lie from other projects', as variances: of the constant, of the others. */
const OWN_CONSTANT = 1;
const OWN_OTHERS = 0.005;
/** Standard deviations either side that hold 90 %. */
const NINETY = 1.645;
/** How many changes "lately" means for the base rate, and how many the prior's is taken for. */
const LATELY = 200;
const PRIOR_WEIGHT = 10;

const rounded = (value: number): number => Math.round(value * 1e7) / 1e7;

/** A model that has seen nothing of this repository: what other projects taught. */
export function startChangeModel(prior: ChangePrior = shippedPrior): ChangeModel {
  const variances = (count: number) =>
    Array.from({ length: count }, (_, i) => (i === 0 ? OWN_CONSTANT : OWN_OTHERS));
  return {
    n: 0,
    base: prior.base,
    shares: prior.shares.map((of) => [...of]),
    paired: separatePrior(prior.paired, variances(pairedCount)),
    bent: separatePrior(
      variances(bentCount + 1).map(() => 0),
      variances(bentCount + 1),
    ),
  };
}

interface Inputs {
  paired: number[];
  bent: number[];
  /** What other projects say of the bent inputs. */
  offset: number;
}

function inputsOf(model: ChangeModel, metrics: ChangeMetrics, prior: ChangePrior): Inputs {
  const own = bentInputs(scaledRanks(ranksOf(model.shares, metrics)), metrics.fix);
  let offset = 0;
  for (let i = 0; i < own.length; i += 1) offset += (prior.bent[i] ?? 0) * (own[i] ?? 0);
  const bent = [1];
  for (const direction of prior.directions) {
    let sum = 0;
    for (let i = 0; i < own.length; i += 1) sum += (direction[i] ?? 0) * (own[i] ?? 0);
    bent.push(sum);
  }
  const paired = pairedInputs(turned(scaledBy(prior.scales, metrics), prior.turn, prior.centre), metrics.fix);
  return { paired, bent, offset };
}

/** The mean of what both say, each less sure of itself by its variance (MacKay 1992). */
function logitOf(
  model: ChangeModel,
  metrics: ChangeMetrics,
  prior: ChangePrior,
): { logit: number; deviation: number } {
  const inputs = inputsOf(model, metrics, prior);
  const paired = predictSeparate(model.paired, inputs.paired);
  const bent = predictSeparate(model.bent, inputs.bent, inputs.offset);
  const surely = ({ logit, variance }: { logit: number; variance: number }) =>
    logit / Math.sqrt(1 + (Math.PI / 8) * variance);
  return {
    logit: Math.min(30, Math.max(-30, (surely(paired) + surely(bent)) / 2)),
    deviation: (Math.sqrt(paired.variance) + Math.sqrt(bent.variance)) / 2,
  };
}

/** The probability alone, without its interval and reasons. */
export function defectOf(
  model: ChangeModel,
  metrics: ChangeMetrics,
  prior: ChangePrior = shippedPrior,
): number {
  return sigmoid(logitOf(model, metrics, prior).logit);
}

/** What the model says of a change before anything is known of how it went. */
export function judgeChange(
  model: ChangeModel,
  metrics: ChangeMetrics,
  prior: ChangePrior = shippedPrior,
): ChangeJudgement {
  const { logit, deviation } = logitOf(model, metrics, prior);
  const reach = NINETY * deviation;
  return {
    defect: sigmoid(logit),
    logit,
    interval: [sigmoid(logit - reach), sigmoid(logit + reach)],
    n: model.n,
    base: model.base,
    factors: factorsOf(metrics, model.shares, (other) => defectOf(model, other, prior)),
  };
}

/** The model after it is known whether a change was defective. `weight`: how much that counts (1 = one change). */
export function learnChange(
  model: ChangeModel,
  metrics: ChangeMetrics,
  defective: boolean,
  weight = 1,
  prior: ChangePrior = shippedPrior,
): ChangeModel {
  if (!(weight > 0)) return model;
  const counts = Math.min(100, weight);
  const outcome = defective ? 1 : 0;
  const inputs = inputsOf(model, metrics, prior);
  const rate = Math.min(1, counts * Math.max(1 / LATELY, 1 / (model.n + PRIOR_WEIGHT)));
  return {
    n: Math.min(1e12, model.n + counts),
    base: rounded(model.base + rate * (outcome - model.base)),
    shares: withChange(model.shares, metrics, model.n),
    paired: updateSeparate(model.paired, inputs.paired, outcome, { weight: counts }),
    bent: updateSeparate(model.bent, inputs.bent, outcome, { weight: counts, offset: inputs.offset }),
  };
}
