import { describe, expect, it } from 'vitest';
import {
  deploymentModelSchema,
  judgeDeployment,
  learnDeployment,
  startDeploymentModel,
} from '../../../src/domain/risk/deployment-model.ts';

const five = [0.98, 0.95, 0.97, 0.99, 0.96];
const product = five.reduce((all, one) => all * one, 1);

describe('how likely a deployment goes well', () => {
  it('is near the product of its features before any deployment, and has an interval around it', () => {
    const { probability, interval, n } = judgeDeployment(startDeploymentModel(), five);
    expect(Math.abs(probability - product)).toBeLessThan(0.05);
    expect(interval[0]).toBeLessThan(probability);
    expect(interval[1]).toBeGreaterThan(probability);
    expect(n).toBe(0);
  });

  it('falls with every feature more, and with a riskier one', () => {
    const model = startDeploymentModel();
    const of = (probabilities: number[]) => judgeDeployment(model, probabilities).probability;
    expect(of([...five, 0.97])).toBeLessThan(of(five));
    expect(of([0.98, 0.5])).toBeLessThan(of([0.98, 0.9]));
  });

  it('learns that deployments go better than the product says, as where features fail together', () => {
    let model = startDeploymentModel();
    // 17 of 20 go well where the product says 86 % of 0.86: far fewer.
    for (let i = 0; i < 400; i += 1) model = learnDeployment(model, [0.9, 0.9, 0.9, 0.9, 0.9], i % 20 > 2);
    const { probability, interval, n } = judgeDeployment(model, [0.9, 0.9, 0.9, 0.9, 0.9]);
    expect(0.9 ** 5).toBeLessThan(0.6);
    expect(probability).toBeGreaterThan(0.78);
    expect(probability).toBeLessThan(0.92);
    expect(interval[0]).toBeGreaterThan(0.9 ** 5);
    expect(n).toBe(400);
  });

  it('is never certain, whatever it is told', () => {
    let model = startDeploymentModel();
    for (const probabilities of [
      [],
      [Number.NaN],
      [1e308, -1],
      [0],
      [1, 1, 1],
      Array<number>(5000).fill(0.5),
    ])
      for (const success of [true, false]) {
        model = learnDeployment(model, probabilities, success);
        const { probability, interval } = judgeDeployment(model, probabilities);
        for (const number of [probability, ...interval]) {
          expect(number).toBeGreaterThan(0);
          expect(number).toBeLessThan(1);
        }
      }
  });

  it('reads back what it wrote, number for number', () => {
    const model = learnDeployment(startDeploymentModel(), five, false);
    expect(deploymentModelSchema.parse(JSON.parse(JSON.stringify(model)))).toEqual(model);
    expect(deploymentModelSchema.safeParse({ logistic: { mean: [], covariance: [], n: 0 } }).success).toBe(
      false,
    );
  });
});
