import { z } from 'zod';
import { sigmoid } from './online-logistic.ts';

/**
 * Logistic regression that learns one outcome at a time, its inputs turned so that what is learned of one says nothing of
 * the others; the first input is the constant. The extended Kalman filter of `online-logistic` with the variances alone, small enough for many inputs.
 */
export interface SeparateState {
  mean: number[];
  variance: number[];
}

/** What a coefficient drifts in an outcome's time, as a variance: later outcomes count for more. */
const DRIFT = 3e-6;
/** The constant drifts faster: how many changes go wrong varies more than what makes them. */
const CONSTANT_DRIFT = 1e-4;
const MEAN_MOST = 30;
const VARIANCE_MOST = 1;
const VARIANCE_LEAST = 1e-7;
const INPUT_MOST = 50;

/**
 * Coefficients are kept to six decimals, variances to seven: the file stays short. Plus zero: JSON has no -0, and what is
 * read back must be what was written.
 */
const rounded = (value: number): number => Math.round(value * 1e7) / 1e7 + 0;
const roundedMean = (value: number): number => Math.round(value * 1e6) / 1e6 + 0;
const within = (value: number, most: number): number =>
  value > most ? most : value < -most ? -most : value === value ? value : 0;
const soundVariance = (value: number): number =>
  value > VARIANCE_MOST ? VARIANCE_MOST : value > VARIANCE_LEAST ? value : VARIANCE_LEAST;

/** A stored state of so many coefficients; numbers that cannot be meant are capped, other shapes refused. */
export function separateSchema(inputs: number): z.ZodType<SeparateState> {
  return z
    .object({ mean: z.array(z.number()).length(inputs), variance: z.array(z.number()).length(inputs) })
    .transform(({ mean, variance }) => ({
      mean: mean.map((value) => roundedMean(within(value, MEAN_MOST))),
      variance: variance.map((value) => rounded(soundVariance(value))),
    }));
}

/** Knows the prior alone. */
export function separatePrior(mean: readonly number[], variances: readonly number[]): SeparateState {
  return {
    mean: mean.map((value) => roundedMean(within(value, MEAN_MOST))),
    variance: mean.map((_, i) => rounded(soundVariance(variances[i] ?? 0))),
  };
}

/** The log-odds and their variance. `offset` is what is added to the log-odds from elsewhere. */
export function predictSeparate(
  state: SeparateState,
  x: readonly number[],
  offset = 0,
): { logit: number; variance: number } {
  let logit = within(offset, 100);
  let variance = 0;
  for (let i = 0; i < state.mean.length; i += 1) {
    const input = within(x[i] ?? 0, INPUT_MOST);
    logit += (state.mean[i] ?? 0) * input;
    variance += (state.variance[i] ?? 0) * input * input;
  }
  return { logit, variance };
}

/** The state after one outcome, 0…1; `weight` is how much it counts (1 = one outcome). */
export function updateSeparate(
  state: SeparateState,
  x: readonly number[],
  outcome: number,
  { weight = 1, offset = 0 }: { weight?: number; offset?: number } = {},
): SeparateState {
  const counts = Math.max(0, within(weight, 100));
  if (counts === 0) return state;
  const { logit, variance } = predictSeparate(state, x, offset);
  const p = sigmoid(logit);
  const information = counts * p * (1 - p);
  const whole = 1 + information * variance;
  const step = (counts * (outcome - p)) / whole;
  const shrink = information / whole;
  const mean = state.mean.slice();
  const variances = state.variance.slice();
  for (let i = 0; i < mean.length; i += 1) {
    const own = state.variance[i] ?? 0;
    const along = own * within(x[i] ?? 0, INPUT_MOST);
    mean[i] = roundedMean(within((mean[i] ?? 0) + along * step, MEAN_MOST));
    variances[i] = rounded(soundVariance(own - along * along * shrink + (i === 0 ? CONSTANT_DRIFT : DRIFT)));
  }
  return { mean, variance: variances };
}
