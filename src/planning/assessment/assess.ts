import { closureIn } from '../../domain/dependencies.ts';
import type { Discovery, Feature, Risk } from '../../domain/feature.ts';
import type { Patterns, Preferences } from '../../domain/memory.ts';
import {
  judgeDeployment,
  startDeploymentModel,
  type DeploymentModel,
} from '../../domain/risk/deployment-model.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Candidate } from '../assemble.ts';
import { authorCommits } from './author-commits.ts';
import { fillBuckets } from './buckets.ts';
import type { Experience } from './experience.ts';
import { deploymentLevel, intervalOf, notEnoughName, riskOf } from './risk.ts';
import type { ChangeHistory } from './shape.ts';
import { shiftByChoices } from './shift-by-choices.ts';

export interface AssessmentRequest {
  candidates: readonly Candidate[];
  patterns: Patterns;
  preferences: Preferences;
  settings?: Settings | undefined;
  experience: Experience;
  /** What the history says of changes like these: `past.view.metricsOf(candidate)`, judged by `past.model`; absent until it was read. */
  past?: ChangeHistory | undefined;
  /** When the deployment would be; without it the time of day counts for nothing. */
  at?: Date | undefined;
}

/** Judges every feature: risk with its factors, bucket with its reason. Pure. */
export function assess(request: AssessmentRequest): Feature[] {
  const { candidates, patterns, experience, at, past } = request;
  const judged = candidates.map((candidate) => ({
    candidate,
    ...riskOf(candidate, patterns, experience, { at, past }),
  }));
  return withAuthors(fillBuckets(judged, maxFeatures(request), shiftByChoices(patterns)), request);
}

/** What later analysis wants to know of who wrote them. */
function withAuthors(features: Feature[], { candidates, experience }: AssessmentRequest): Feature[] {
  const commits = new Map(candidates.map((one) => [one.feature.id, authorCommits(one, experience)]));
  for (const feature of features) {
    const known = commits.get(feature.id);
    if (known !== undefined) feature.authorCommits = known;
  }
  return features;
}

/** The most features that are recommended for one deployment: the project's number, else the person's own. */
export function maxFeatures({
  settings,
  preferences,
}: Pick<AssessmentRequest, 'settings' | 'preferences'>): number {
  return (
    settings?.selection.max_features_per_deployment ??
    preferences.user_preferences.max_features_per_deployment
  );
}

/** Features named as the ones that weigh most on a whole deployment. */
const mostNamed = 3;

/**
 * The risk of deploying these features together (D7, D9), with the features that weigh most as its factors: any of them
 * can bring it down, and how their probabilities make a deployment's was learned from earlier ones (`together`). Ids
 * are closed first; without any, success is sure.
 */
export function assessTogether(
  features: readonly Feature[],
  ids: readonly string[],
  together: DeploymentModel = fresh,
): Risk {
  const ships = closureIn(features, ids);
  const shipping = features.filter((_, place) => ships[place] === 1);
  const schema = shipping.find(({ flags }) => flags.schema !== undefined);
  const breaking = shipping.some(({ flags }) => flags.breaking || flags.api?.breaking === true);
  const n = shipping.reduce((most, { risk }) => Math.max(most, risk.n), 0);
  const { probability, interval } = judgeTogether(shipping, together, n);
  const heaviest = riskiestOf(shipping, mostNamed).map(({ id, title, risk }) => ({
    name: id,
    effect: Math.round((risk.probability - 1) * 1e4) / 1e4,
    text: `${title}: ${Math.round(risk.probability * 100)} % likely to go well`,
  }));
  const little = shipping[0]?.risk.factors.find(({ name }) => name === notEnoughName);
  return {
    level: deploymentLevel(probability, schema !== undefined, breaking),
    probability,
    interval,
    n,
    factors: [
      ...(schema
        ? [
            {
              name: 'schema',
              effect: 0,
              text: `${schema.title} changes the schema: high risk whatever the numbers say`,
            },
          ]
        : []),
      ...heaviest,
      ...(little ? [little] : []),
    ],
  };
}

const fresh = startDeploymentModel();

function judgeTogether(
  shipping: readonly Feature[],
  together: DeploymentModel,
  tried: number,
): Pick<Risk, 'probability' | 'interval'> {
  if (shipping.length === 0) return { probability: 1, interval: [0, 1] };
  const said = judgeDeployment(
    together,
    shipping.map(({ risk }) => risk.probability),
  );
  const probability = Math.round(said.probability * 1e4) / 1e4;
  const [lo, hi] = intervalOf(probability, tried, 0);
  return { probability, interval: [Math.min(lo, said.interval[0]), Math.max(hi, said.interval[1])] };
}

/** The features least likely to go well, worst first; in one pass, since this is asked at every toggle. */
function riskiestOf(features: readonly Feature[], count: number): readonly Feature[] {
  const worst: Feature[] = [];
  for (const feature of features) {
    const { probability } = feature.risk;
    const last = worst[count - 1];
    if (last && last.risk.probability <= probability) continue;
    const at = worst.findIndex((other) => other.risk.probability > probability);
    worst.splice(at < 0 ? worst.length : at, 0, feature);
    worst.length = Math.min(worst.length, count);
  }
  return worst;
}

/** `assessTogether` as discovery states it, with the strategy that follows from the level. */
export function assessDeployment(
  features: readonly Feature[],
  ids: readonly string[],
  together?: DeploymentModel,
): Discovery['deployment'] {
  const { level, probability, interval, n } = assessTogether(features, ids, together);
  return {
    risk: level,
    probability,
    interval,
    n,
    suggestedStrategy: level === 'high' ? 'canary' : 'blue-green',
    ...(together ? { together } : {}),
  };
}
