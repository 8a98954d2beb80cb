import { defectOf, learnChange, startChangeModel } from '../../src/domain/risk/change-model.ts';
import type { ChangePrior } from '../../src/domain/risk/change-prior.ts';
import {
  judgeDeployment,
  learnDeployment,
  startDeploymentModel,
} from '../../src/domain/risk/deployment-model.ts';
import type { LabelledChange } from './labelled-change.ts';
import type { Told } from './scores.ts';

export interface Replayed {
  told: Told[];
  /** The model's size at the end, as JSON. */
  bytes: number;
  /** What an update took, in microseconds: the median, since other programs run beside. */
  updateUs: number;
}

/** Each change judged, then learned, in the order of time. */
export function replayChanges(changes: readonly LabelledChange[], prior: ChangePrior): Replayed {
  let model = startChangeModel(prior);
  const told: Told[] = [];
  const took: number[] = [];
  for (const { metrics, defective } of changes) {
    told.push({ p: defectOf(model, metrics, prior), y: defective ? 1 : 0 });
    const before = process.hrtime.bigint();
    model = learnChange(model, metrics, defective, 1, prior);
    took.push(Number(process.hrtime.bigint() - before));
  }
  return {
    told,
    bytes: Buffer.byteLength(JSON.stringify(model)),
    updateUs: (took.sort((a, b) => a - b)[Math.floor(took.length / 2)] ?? 0) / 1000,
  };
}

export interface DeploymentsReplayed {
  recalibrated: Told[];
  /** What multiplying the features' probabilities would have said. */
  product: Told[];
}

/** Most features of a deployment in the replay. */
const mostFeatures = 15;

/** Deployments of 1–15 changes that follow each other, cut differently for each `first`. */
export function replayDeployments(told: readonly Told[], first = 0): DeploymentsReplayed {
  let model = startDeploymentModel();
  const recalibrated: Told[] = [];
  const product: Told[] = [];
  for (let at = 0, size = 1; at < told.length; at += size) {
    // Every size comes as often as the others, in an order without meaning: 7 is coprime to 15.
    size = (((first + recalibrated.length) * 7) % mostFeatures) + 1;
    const part = told.slice(at, at + size);
    const probabilities = part.map(({ p }) => 1 - p);
    const y = part.every((one) => one.y === 0) ? 1 : 0;
    recalibrated.push({ p: judgeDeployment(model, probabilities).probability, y });
    product.push({ p: probabilities.reduce((all, one) => all * one, 1), y });
    model = learnDeployment(model, probabilities, y === 1);
  }
  return { recalibrated, product };
}
