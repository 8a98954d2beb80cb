/**
 * Logistic regression that learns one outcome at a time: an extended Kalman filter over the coefficients
 * (Bayesian logistic regression with a Gaussian posterior, as in Spiegelhalter & Lauritzen 1990), with the whole
 * covariance. It starts from a prior and, with few outcomes, stays near it.
 */
export interface LogisticState {
  mean: number[];
  /** The covariance's upper triangle, row by row. */
  covariance: number[];
  /** Outcomes learned, by weight. */
  n: number;
}

/** Inputs, coefficients and variances beyond these mean nothing and would let numbers overflow. */
const INPUT_MOST = 100;
const MEAN_MOST = 30;
const VARIANCE_MOST = 25;
const VARIANCE_LEAST = 1e-8;
const N_MOST = 1e9;

/** Kept to eight decimals: the state is read by people and written to a file. */
const rounded = (value: number): number => Math.round(value * 1e8) / 1e8;
const within = (value: number, most: number): number =>
  value > most ? most : value < -most ? -most : value === value ? value : 0;

/** 1/(1+e^-x), for any finite number strictly between 0 and 1. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-within(logit, 35)));
}

/** The log-odds of a probability, which is kept a billionth away from certainty. */
export function logitOf(probability: number): number {
  const p = Math.min(1 - 1e-9, Math.max(1e-9, probability));
  return Math.log(p / (1 - p));
}

/** Knows nothing yet but the prior: each coefficient's expected value and its variance, independent of each other. */
export function logisticPrior(mean: readonly number[], variances: readonly number[]): LogisticState {
  const covariance: number[] = [];
  for (let i = 0; i < mean.length; i += 1)
    for (let j = i; j < mean.length; j += 1) covariance.push(i === j ? (variances[i] ?? 1) : 0);
  return sound({ mean: [...mean], covariance, n: 0 });
}

/**
 * Whatever was stored, made into a state that can be learned on: as many coefficients as the mean has, all finite,
 * variances positive and capped, no correlation beyond 1.
 */
export function sound(state: LogisticState): LogisticState {
  const d = state.mean.length;
  const mean = state.mean.map((value) => rounded(within(value, MEAN_MOST)));
  const covariance = Array.from({ length: (d * (d + 1)) / 2 }, () => 0);
  for (let k = 0; k < covariance.length; k += 1)
    covariance[k] = within(state.covariance[k] ?? 0, VARIANCE_MOST);
  bound(covariance, d);
  return { mean, covariance, n: Math.min(N_MOST, Math.max(0, within(state.n, N_MOST))) };
}

/** Keeps variances within their limits and correlations within ±1, in place. */
function bound(covariance: number[], d: number): void {
  const deviations: number[] = [];
  for (let i = 0, k = 0; i < d; k += d - i, i += 1) {
    const raw = covariance[k] ?? 0;
    const variance = raw > VARIANCE_MOST ? VARIANCE_MOST : raw > VARIANCE_LEAST ? raw : VARIANCE_LEAST;
    deviations.push(Math.sqrt(variance));
    covariance[k] = rounded(variance);
  }
  for (let i = 0, k = 0; i < d; i += 1) {
    const own = deviations[i] ?? 0;
    k += 1;
    for (let j = i + 1; j < d; j += 1, k += 1) {
      covariance[k] = rounded(within(covariance[k] ?? 0, own * (deviations[j] ?? 0)));
    }
  }
}

/** Covariance times x, and x times that: the direction in which an outcome moves the coefficients, and how unsure they are there. */
function spread(state: LogisticState, x: readonly number[]): { along: number[]; variance: number } {
  const d = state.mean.length;
  const along = state.mean.map(() => 0);
  for (let i = 0, k = 0; i < d; i += 1) {
    const xi = x[i] ?? 0;
    let sum = along[i] ?? 0;
    for (let j = i; j < d; j += 1, k += 1) {
      const c = state.covariance[k] ?? 0;
      sum += c * (x[j] ?? 0);
      if (j > i) along[j] = (along[j] ?? 0) + c * xi;
    }
    along[i] = sum;
  }
  let variance = 0;
  for (let i = 0; i < d; i += 1) variance += (along[i] ?? 0) * (x[i] ?? 0);
  return { along, variance: Math.max(0, variance) };
}

const soundInputs = (x: readonly number[]): number[] => x.map((value) => within(value, INPUT_MOST));

/** How sure: `probability` is of 1 and takes the variance of the log-odds in (MacKay 1992: divided by √(1 + π/8 variance)). */
export function predictLogistic(
  state: LogisticState,
  x: readonly number[],
): { logit: number; variance: number; probability: number } {
  const inputs = soundInputs(x);
  let logit = 0;
  for (let i = 0; i < state.mean.length; i += 1) logit += (state.mean[i] ?? 0) * (inputs[i] ?? 0);
  logit = within(logit, 1e6);
  const { variance } = spread(state, inputs);
  return { logit, variance, probability: sigmoid(logit / Math.sqrt(1 + (Math.PI / 8) * variance)) };
}

/**
 * The state after one outcome (0…1; between them for an outcome that is only believed). `weight` is how much it counts
 * (1 = one outcome); `forgetting` is the share of what was known that is kept (1 = everything), so that later outcomes
 * count for more.
 */
export function updateLogistic(
  state: LogisticState,
  x: readonly number[],
  outcome: number,
  options: { weight?: number; forgetting?: number } = {},
): LogisticState {
  const weight = Math.min(1000, Math.max(0, within(options.weight ?? 1, 1000)));
  if (weight === 0) return state;
  const forgetting = Math.min(1, Math.max(0.5, within(options.forgetting ?? 1, 1)));
  const target = Math.min(1, Math.max(0, within(outcome, 1)));
  const inputs = soundInputs(x);
  const d = state.mean.length;
  const { along, variance } = spread(state, inputs);
  let logit = 0;
  for (let i = 0; i < d; i += 1) logit += (state.mean[i] ?? 0) * (inputs[i] ?? 0);
  const p = sigmoid(logit);
  const information = weight * p * (1 - p);
  // The covariance is widened by 1/forgetting before the outcome is taken in; both steps in one.
  const widened = variance / forgetting;
  const step = (weight * (target - p)) / (1 + information * widened) / forgetting;
  const shrink = information / (1 + information * widened) / (forgetting * forgetting);
  const mean = state.mean.slice();
  const covariance = state.covariance.slice();
  for (let i = 0, k = 0; i < d; i += 1) {
    const ai = along[i] ?? 0;
    mean[i] = rounded(within((state.mean[i] ?? 0) + ai * step, MEAN_MOST));
    for (let j = i; j < d; j += 1, k += 1) {
      covariance[k] = (state.covariance[k] ?? 0) / forgetting - ai * (along[j] ?? 0) * shrink;
    }
  }
  bound(covariance, d);
  return { mean, covariance, n: Math.min(N_MOST, state.n + weight) };
}
