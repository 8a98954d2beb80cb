import type { Deployment } from '../domain/deployment.ts';
import type { ShippedFeature } from '../domain/event.ts';
import type { Bucket } from '../domain/feature.ts';
import { wilson } from '../domain/interval.ts';
import { learningReportSchema, type LearningReport } from '../domain/learning-report.ts';
import type { Patterns, Tally } from '../domain/memory.ts';
import type { Document } from '../ports/memory.ts';
import { contributionOf, counted, tallyAt, withOutcome, type Contribution } from './contribution.ts';
import { withChoices } from './choices.ts';
import { blameOf, withFeatureOutcomes } from './feature-outcomes.ts';
import { opinionOf, withOpinions } from './opinions.ts';
import { modelsAfter } from './outcome.ts';
import { lessonsOf, type Change } from './lessons.ts';
import { restSentences } from './rest-learned.ts';
import { requirementAfter, requirementSentences } from './test-requirement.ts';

export interface Learned {
  patterns: Patterns;
  /** Sentences for people, each with its n and 90 % interval where it claims a rate. */
  lessons: string[];
  /** `learning_report.json`. */
  report: Document;
}

/** What is thought of a shipped feature, by the patterns before and after its deployment was learned from. */
export type JudgeAgain = (
  feature: ShippedFeature,
  before: Patterns,
  after: Patterns,
) => { probability: number; bucket: Bucket };

const maxLearned = 500;

function evidence(tally: Tally): LearningReport['patterns'][number]['before'] {
  const n = tally.succeeded + tally.failed;
  return { succeeded: tally.succeeded, n, interval: wilson(tally.succeeded, n) };
}

function reportOf(
  deployment: Deployment,
  contribution: Contribution,
  changes: readonly Change[],
  { lessons, tests }: { lessons: string[]; tests: string[] },
  judge: (feature: ShippedFeature) => ReturnType<JudgeAgain> | undefined,
): Document {
  const success = contribution.kind === 'counted' && contribution.success;
  const blame = blameOf(deployment.source.features, success, deployment.culprit);
  const report = learningReportSchema.parse({
    schema: 'orchestra/learning-report@1',
    deployment: deployment.id,
    outcome: contribution.outcome,
    reason: contribution.reason,
    counted: contribution.kind === 'counted',
    ...(contribution.kind === 'not-counted' ? { notCounted: contribution.why } : {}),
    lessons,
    ...(tests.length > 0 ? { tests } : {}),
    patterns: changes.map(({ group, key, before, after }) => ({
      group,
      key,
      before: evidence(before),
      after: evidence(after),
    })),
    features:
      contribution.kind === 'counted'
        ? deployment.source.features.map((feature) => {
            const { id, title, bucket, risk } = feature;
            const after = judge(feature);
            return {
              id,
              title,
              outcome: contribution.outcome,
              blame: blame.get(id) ?? 0,
              ...(after ? { before: { probability: risk.probability, bucket }, after } : {}),
            };
          })
        : [],
  } satisfies LearningReport);
  return { name: 'learning_report.json', text: `${JSON.stringify(report, null, 2)}\n` };
}

/**
 * What a deployment whose outcome is sure adds to the patterns. Learning from it again changes nothing and says the
 * same: what was thought of its features then is kept with their outcomes. With `judgeAgain` the report tells what is
 * thought of each feature before and after. A deployment without a sure outcome throws.
 */
export function learnFrom(patterns: Patterns, deployment: Deployment, judgeAgain?: JudgeAgain): Learned {
  const contribution = contributionOf(deployment);
  if (!contribution)
    throw new Error(`Deployment ${deployment.id} is ${deployment.status.kind}: nothing to learn yet`);
  const again = patterns.learned.includes(deployment.id);
  const keys = contribution.kind === 'counted' ? contribution.keys : [];
  const success = contribution.kind === 'counted' && contribution.success;
  const changes = keys.map((at): Change => {
    const now = tallyAt(patterns, at);
    return again
      ? { ...at, before: counted(now, success, -1), after: now }
      : { ...at, before: now, after: counted(now, success, 1) };
  });
  const asked = again
    ? (patterns.testRequirement ?? [])
    : requirementAfter(patterns.testRequirement ?? [], deployment);
  const tests = requirementSentences(asked, deployment);
  const [first, ...rest] = lessonsOf(deployment, contribution, changes);
  const learned = again ? patterns.learned : [...patterns.learned, deployment.id].slice(-maxLearned);
  const next: Patterns =
    again || contribution.kind === 'not-counted'
      ? { ...patterns, learned }
      : {
          ...withOutcome(patterns, keys, success, 1),
          features: withFeatureOutcomes(patterns.features, deployment, contribution),
          ...modelsAfter(patterns, deployment, contribution),
          ...(asked.length > 0 ? { testRequirement: asked } : {}),
          learned,
        };
  const after =
    again || !judgeAgain || contribution.kind === 'not-counted'
      ? next
      : withOpinions(next, deployment, (feature) => judgeAgain(feature, patterns, next));
  const ofRest = restSentences(after.features, deployment);
  const lessons = [...ofRest, ...(first === undefined ? [] : [first]), ...tests, ...rest];
  const report = reportOf(deployment, contribution, changes, { lessons, tests }, (feature) =>
    judgeAgain ? opinionOf(after, deployment, feature) : undefined,
  );
  return { patterns: again ? patterns : withChoices(after, deployment), lessons, report };
}
