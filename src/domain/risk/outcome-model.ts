import { z } from 'zod';
import { logisticSchema } from './logistic-schema.ts';
import {
  logisticPrior,
  logitOf,
  predictLogistic,
  updateLogistic,
  type LogisticState,
} from './online-logistic.ts';
import { outcomeInputs, vectorOf, type OutcomeInput } from './outcome-inputs.ts';

/**
 * What this repository's deployments taught about features like these: from what the change itself lets expect (tier 1,
 * the flags of discovery) to the probability that shipping it goes well.
 */
export const outcomeModelSchema = z.object({
  /** The names of the coefficients, in their order: a model of other inputs is learned again. */
  inputs: z.array(z.string()).refine((names) => names.join() === outcomeInputs.join()),
  logistic: logisticSchema(outcomeInputs.length),
});
export type OutcomeModel = z.infer<typeof outcomeModelSchema>;

/** How often one feature ships without trouble, where nothing is known of a repository. */
export const usualSuccess = 0.98;

/** What tier 1's log-odds are worth: the same change would need a fix later more often than it fails in production. */
export const worthOfChange = 0.6;

/**
 * Where each coefficient starts, and its variance: how far a repository may be from that. `any` is worth about as many
 * outcomes as 98 % of sixty; what a kind of change adds starts at nothing, since the change's own shape is in `expected`.
 */
const starts: Readonly<Partial<Record<OutcomeInput, readonly [mean: number, variance: number]>>> = {
  any: [logitOf(usualSuccess), 0.4],
  expected: [1, 0.02],
  change: [worthOfChange, 0.02],
  history: [1, 0.02],
  lines: [0, 0.5],
  spread: [0, 0.1],
  fixes: [0, 0.1],
  newcomer: [0, 0.2],
  'old-hand': [0, 0.2],
  'no-tests': [0, 0.5],
  friday: [0, 0.1],
  weekend: [0, 0.1],
};
/** The others: types, sizes, flags, hours. */
const anyStart = [0, 0.4] as const;
const priors = outcomeInputs.map((name) => starts[name] ?? anyStart);

/** A model that has learned nothing: features go well as they usually do, moved by what they look like. */
export function startOutcomeModel(): OutcomeModel {
  return {
    inputs: [...outcomeInputs],
    logistic: logisticPrior(
      priors.map(([mean]) => mean),
      priors.map(([, variance]) => variance),
    ),
  };
}

/** What the model says of a feature. */
export interface OutcomeJudgement {
  /** Log-odds of going well. */
  logit: number;
  /** Of the log-odds. */
  variance: number;
  /** What each input adds to the log-odds, in their order: as the model started, and what it learned beyond that. */
  started: readonly number[];
  learned: readonly number[];
}

/** How likely a feature with these inputs goes well, and what each of them has to do with that. */
export function judgeOutcome(
  { logistic }: OutcomeModel,
  inputs: Readonly<Record<string, number | undefined>>,
): OutcomeJudgement {
  const x = vectorOf(inputs);
  const { logit, variance } = predictLogistic(logistic, x);
  return {
    logit,
    variance,
    started: x.map((value, i) => value * (priors[i]?.[0] ?? 0)),
    learned: x.map((value, i) => value * ((logistic.mean[i] ?? 0) - (priors[i]?.[0] ?? 0))),
  };
}

/** Only the log-odds, for where many are asked for. */
export function outcomeLogit(
  { logistic }: OutcomeModel,
  inputs: Readonly<Record<string, number | undefined>>,
): number {
  return vectorOf(inputs).reduce((sum, value, i) => sum + value * (logistic.mean[i] ?? 0), 0);
}

/** The model after one feature's outcome; `failed` is its share of a failure, 0 … 1, and `weight` how much that counts. */
export function learnOutcome(
  model: OutcomeModel,
  inputs: Readonly<Record<string, number | undefined>>,
  failed: number,
  weight = 1,
): OutcomeModel {
  return {
    inputs: model.inputs,
    logistic: updateLogistic(model.logistic, vectorOf(inputs), 1 - failed, { weight }),
  };
}

/** What is kept of what was known at each deployment: about the last two hundred count. */
const kept = 0.995;

/**
 * As time goes by, one deployment at a time: what was learned becomes less sure again, though never less than at the
 * start, so that what was not seen for long is still near its prior and what changes is noticed.
 */
export function relaxOutcome({ inputs, logistic }: OutcomeModel): OutcomeModel {
  const d = logistic.mean.length;
  const grow: number[] = [];
  for (let i = 0, k = 0; i < d; k += d - i, i += 1) {
    const now = logistic.covariance[k] ?? 0;
    const start = priors[i]?.[1] ?? now;
    grow.push(now > 0 ? Math.max(1, Math.sqrt(Math.min(1 / kept, start / now))) : 1);
  }
  const covariance = logistic.covariance.slice();
  for (let i = 0, k = 0; i < d; i += 1)
    for (let j = i; j < d; j += 1, k += 1)
      covariance[k] = Math.round((covariance[k] ?? 0) * (grow[i] ?? 1) * (grow[j] ?? 1) * 1e8) / 1e8;
  const state: LogisticState = { ...logistic, covariance };
  return { inputs, logistic: state };
}
