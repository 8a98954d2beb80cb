import { sigmoid } from '../../src/domain/risk/online-logistic.ts';

/**
 * The filter of `online-logistic` with the whole covariance and many inputs, made for speed: priors are learned by it once,
 * outside of the product.
 */
export class DenseFilter {
  readonly mean: Float64Array;
  private readonly covariance: Float64Array;
  private readonly along: Float64Array;

  constructor(inputs: number, variance: number) {
    this.mean = new Float64Array(inputs);
    this.covariance = new Float64Array(inputs * inputs);
    this.along = new Float64Array(inputs);
    for (let i = 0; i < inputs; i += 1) this.covariance[i * inputs + i] = variance;
  }

  /** Learns one outcome; gives the variance p(1-p) that the outcome was expected to have. */
  learn(x: Float64Array, outcome: number, weight: number): number {
    const { mean, covariance, along } = this;
    const d = mean.length;
    let logit = 0;
    let variance = 0;
    for (let i = 0; i < d; i += 1) {
      const xi = x[i] ?? 0;
      logit += (mean[i] ?? 0) * xi;
      let sum = 0;
      const row = i * d;
      for (let j = 0; j < d; j += 1) sum += (covariance[row + j] ?? 0) * (x[j] ?? 0);
      along[i] = sum;
      variance += sum * xi;
    }
    const p = sigmoid(logit);
    const information = weight * p * (1 - p);
    const whole = 1 + information * Math.max(0, variance);
    const step = (weight * (outcome - p)) / whole;
    const shrink = information / whole;
    for (let i = 0; i < d; i += 1) {
      const ai = along[i] ?? 0;
      mean[i] = (mean[i] ?? 0) + ai * step;
      for (let j = i; j < d; j += 1) {
        const next = (covariance[i * d + j] ?? 0) - ai * (along[j] ?? 0) * shrink;
        covariance[i * d + j] = next;
        covariance[j * d + i] = next;
      }
    }
    return p * (1 - p);
  }
}
