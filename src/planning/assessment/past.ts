import type { Outcome } from '../../domain/event.ts';
import type { FeatureOutcome, Patterns } from '../../domain/memory.ts';
import { knownAs } from '../../domain/known-features.ts';
import { safeText } from '../../domain/safe-text.ts';

/** How a feature fared when it shipped before. */
export interface Past {
  succeeded: number;
  failed: number;
  /** The last time it went wrong; `blame` is its share, 0 … 1. */
  lastFailure:
    | { deployment: string; at: string; reason: string; outcome: Outcome; blame: number; evidence?: string }
    | undefined;
  /** Nothing went well with it since that failure. */
  unresolved: boolean;
  /** Commits it has now and did not have then. */
  newCommits: number;
}

/** Finds a feature's own past by id or by a commit in common, so that a renamed feature keeps its record. */
export function pastOf(
  feature: { id: string; commits: readonly string[] },
  patterns: Patterns,
): Past | undefined {
  const commits = new Set(feature.commits);
  const same = knownAs(patterns.features, feature).filter((known) => isSame(known, feature.id, commits));
  const deployments = same.flatMap((known) => known.deployments).sort((a, b) => a.at.localeCompare(b.at));
  if (deployments.length === 0) return undefined;
  const wentWrong = deployments.filter((one) => one.outcome !== 'succeeded' && one.outcome !== 'halted');
  const last = wentWrong.at(-1);
  const knownCommits = new Set(same.flatMap((known) => known.commits));
  return {
    succeeded: deployments.filter((one) => one.outcome === 'succeeded').length,
    failed: wentWrong.length,
    lastFailure: last && {
      deployment: safeText(last.deployment, 60),
      at: last.at,
      reason: safeText(last.reason, 200),
      outcome: last.outcome,
      blame: last.blame,
      ...(last.evidence === undefined ? {} : { evidence: safeText(last.evidence, 200) }),
    },
    unresolved:
      last !== undefined && !deployments.some((one) => one.outcome === 'succeeded' && one.at > last.at),
    newCommits: feature.commits.filter((sha) => !knownCommits.has(sha)).length,
  };
}

function isSame(known: FeatureOutcome, id: string, commits: ReadonlySet<string>): boolean {
  return known.commits.some((sha) => commits.has(sha)) || (known.id === id && known.commits.length === 0);
}

/** `rolled back on 2026-11-20 (error rate 6.1 %)` */
export function describeFailure(failure: NonNullable<Past['lastFailure']>): string {
  const day = safeText(failure.at.slice(0, 10), 10);
  const why = failure.evidence ?? failure.reason;
  return `${failure.outcome.replace('_', ' ')} on ${day}${why ? ` (${why})` : ''}`;
}

/** The same as a sentence's end after its subject: `was rolled back on …`, `failed on …`. */
export function tellFailure(failure: NonNullable<Past['lastFailure']>): string {
  return `${failure.outcome === 'failed' ? '' : 'was '}${describeFailure(failure)}`;
}
