import type { Deployment } from '../domain/deployment.ts';
import { wilson } from '../domain/interval.ts';
import { learningReportSchema, type LearningReport } from '../domain/learning-report.ts';
import type { Patterns, Tally } from '../domain/memory.ts';
import type { Document } from '../ports/memory.ts';
import { contributionOf, counted, tallyAt, withOutcome, type Contribution } from './contribution.ts';
import { blameOf, withFeatureOutcomes } from './feature-outcomes.ts';
import { lessonsOf, type Change } from './lessons.ts';

export interface Learned {
  patterns: Patterns;
  /** Sentences for people, each with its n and 90 % interval where it claims a rate. */
  lessons: string[];
  /** `learning_report.json`. */
  report: Document;
}

const maxLearned = 500;

function evidence(tally: Tally): LearningReport['patterns'][number]['before'] {
  const n = tally.succeeded + tally.failed;
  return { succeeded: tally.succeeded, n, interval: wilson(tally.succeeded, n) };
}

function reportOf(
  deployment: Deployment,
  contribution: Contribution,
  changes: readonly Change[],
  lessons: string[],
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
    patterns: changes.map(({ group, key, before, after }) => ({
      group,
      key,
      before: evidence(before),
      after: evidence(after),
    })),
    features:
      contribution.kind === 'counted'
        ? deployment.source.features.map(({ id, title }) => ({
            id,
            title,
            outcome: contribution.outcome,
            blame: blame.get(id) ?? 0,
          }))
        : [],
  } satisfies LearningReport);
  return { name: 'learning_report.json', text: `${JSON.stringify(report, null, 2)}\n` };
}

/**
 * What a deployment whose outcome is sure adds to the patterns. Learning from it again changes nothing and says the
 * same: the patterns before it are then worked out by taking it away. A deployment without a sure outcome throws.
 */
export function learnFrom(patterns: Patterns, deployment: Deployment): Learned {
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
  const lessons = lessonsOf(deployment, contribution, changes);
  const report = reportOf(deployment, contribution, changes, lessons);
  if (again) return { patterns, lessons, report };
  const learned = [...patterns.learned, deployment.id].slice(-maxLearned);
  if (contribution.kind === 'not-counted') return { patterns: { ...patterns, learned }, lessons, report };
  return {
    patterns: {
      ...withOutcome(patterns, keys, success),
      features: withFeatureOutcomes(patterns.features, deployment, contribution),
      learned,
    },
    lessons,
    report,
  };
}
