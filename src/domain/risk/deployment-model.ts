import { z } from 'zod';
import { logisticSchema } from './logistic-schema.ts';
import {
  logisticPrior,
  logitOf,
  predictLogistic,
  sigmoid,
  updateLogistic,
  type LogisticState,
} from './online-logistic.ts';

/** What has been learned about how the features' probabilities make a deployment's. */
export const deploymentModelSchema = z.object({ logistic: logisticSchema(3) });
export type DeploymentModel = z.infer<typeof deploymentModelSchema>;

const FORGETTING = 0.999;
const NINETY = 1.645;

/** Believes, before any deployment, that features go well or fail independently of each other: their product. */
export function startDeploymentModel(): DeploymentModel {
  const logistic: LogisticState = logisticPrior([0, 1, 0], [0.25, 0.05, 0.05]);
  return { logistic };
}

/** The log-odds of the product of the parts, and how many parts: the product alone is never shown as a probability. */
function inputsOf(probabilities: readonly number[]): number[] {
  let log = 0;
  for (const one of probabilities) log += Math.log(Math.min(1 - 1e-6, Math.max(1e-6, one > 0 ? one : 0)));
  log = Math.min(-1e-6, Math.max(-20, log));
  return [1, log - Math.log(-Math.expm1(log)), Math.log(Math.max(1, probabilities.length)) - 1];
}

/** How likely a deployment of features with these probabilities of success goes well; the interval is 90 %. */
export function judgeDeployment(
  model: DeploymentModel,
  probabilities: readonly number[],
): { probability: number; interval: [number, number]; n: number } {
  const { variance, probability } = predictLogistic(model.logistic, inputsOf(probabilities));
  const logit = logitOf(probability);
  const reach = NINETY * Math.sqrt(variance);
  return {
    probability,
    interval: [sigmoid(logit - reach), sigmoid(logit + reach)],
    n: model.logistic.n,
  };
}

/** The model after a deployment ended. */
export function learnDeployment(
  model: DeploymentModel,
  probabilities: readonly number[],
  success: boolean,
): DeploymentModel {
  return {
    logistic: updateLogistic(model.logistic, inputsOf(probabilities), success ? 1 : 0, {
      forgetting: FORGETTING,
    }),
  };
}
