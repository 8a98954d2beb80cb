import { z } from 'zod';
import { factorsOf, type ChangeFactor } from './change-factors.ts';
import { inputCount, inputsOf } from './change-inputs.ts';
import type { ChangeMetrics } from './change-metrics.ts';
import { changePrior } from './change-prior.ts';
import { logisticSchema } from './logistic-schema.ts';
import { logisticPrior, logitOf, predictLogistic, sigmoid, updateLogistic } from './online-logistic.ts';

/** What has been learned about the changes of one repository: readable JSON of at most 16 kB. */
export const changeModelSchema = z.object({
  logistic: logisticSchema(inputCount),
  /** Share of defective changes lately. */
  base: z.number().min(0).max(1),
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
  /** Changes of this repository learned from. */
  n: number;
  /** Share of defective changes lately. */
  base: number;
  /** What moves `defect`, strongest first. */
  factors: ChangeFactor[];
}

/** Each outcome leaves this much of what was known, so that the last two thousand or so count. */
const FORGETTING = 0.9995;
/** How far a repository's own coefficients may lie from other projects', as variances: of the constant, of the others. */
const OWN_CONSTANT = 1;
const OWN_OTHERS = 0.05;
/** Standard deviations either side that hold 90 %. */
const NINETY = 1.645;
/** How many changes "lately" means: about a hundred. */
const LATELY = 0.01;

/** A model that has seen nothing of this repository: what other projects taught. */
export function startChangeModel(): ChangeModel {
  return {
    logistic: logisticPrior(
      changePrior.mean,
      changePrior.mean.map((_, i) => (i === 0 ? OWN_CONSTANT : OWN_OTHERS)),
    ),
    base: 0.2,
  };
}

/** What the model says of a change before anything is known of how it went. */
export function judgeChange(model: ChangeModel, metrics: ChangeMetrics): ChangeJudgement {
  const { variance, probability } = predictLogistic(model.logistic, inputsOf(metrics, changePrior.scales));
  const logit = logitOf(probability);
  const reach = NINETY * Math.sqrt(variance);
  return {
    defect: probability,
    logit,
    interval: [sigmoid(logit - reach), sigmoid(logit + reach)],
    n: model.logistic.n,
    base: model.base,
    factors: factorsOf(
      metrics,
      (other) => predictLogistic(model.logistic, inputsOf(other, changePrior.scales)).probability,
    ),
  };
}

/** The model after it is known whether a change was defective. `weight`: how much that counts (1 = one change). */
export function learnChange(
  model: ChangeModel,
  metrics: ChangeMetrics,
  defective: boolean,
  weight = 1,
): ChangeModel {
  const outcome = defective ? 1 : 0;
  return {
    logistic: updateLogistic(model.logistic, inputsOf(metrics, changePrior.scales), outcome, {
      weight,
      forgetting: FORGETTING,
    }),
    base: model.base + Math.min(1, LATELY * Math.max(0, weight)) * (outcome - model.base),
  };
}
