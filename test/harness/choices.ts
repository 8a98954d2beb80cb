import type { Actor } from '../../src/domain/actor.ts';
import { adviceIn } from '../../src/domain/choices-advice.ts';
import type { Advice, Way } from '../../src/domain/choices.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { Feature } from '../../src/domain/feature.ts';
import type { Patterns } from '../../src/domain/memory.ts';
import { learnFrom } from '../../src/learning/learn.ts';
import { aRollback, aSuccess, shipped } from './deployment.ts';
import { emptyPatterns } from './planning.ts';

/** The id of the n-th deployment, one a day. */
export const nth = (n: number): string => {
  const day = new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);
  return `${day.replaceAll('-', '')}_100000`;
};

interface Choice {
  way?: Way;
  by?: Actor;
  /** Who is taken of those that wait. */
  take: readonly string[];
  /** Whether it ends well; else it is rolled back, the last one taken to blame alone. */
  well?: boolean;
}

/** What was advised of these features, `take` chosen of them. */
export function adviceOf(features: readonly Feature[], take: readonly string[], way: Way = 'picked'): Advice {
  return adviceIn(features, { way, chosen: new Set(take), ships: new Set(take) });
}

/** The n-th deployment of what waits, a day after the one before. */
export function chosenFrom(n: number, features: readonly Feature[], choice: Choice): Deployment {
  const { take, way = 'picked', by = { name: 'Ada', face: 'cli' }, well = true } = choice;
  const ships = features
    .filter(({ id }) => take.includes(id))
    .map(({ id, title, type, bucket }, i) =>
      shipped(id, {
        title,
        type,
        bucket,
        // Nobody else's: a change is known again by its commits.
        commits: [`${n * 100 + i}`.padStart(40, '0')],
        pulledIn: !well && id !== take.at(-1),
      }),
    );
  const deployment = (well ? aSuccess : aRollback)(nth(n), ...ships);
  deployment.by = by;
  deployment.requestedAt = `${nth(n).slice(0, 4)}-${nth(n).slice(4, 6)}-${nth(n).slice(6, 8)}T10:00:00.000Z`;
  deployment.plan.advice = adviceOf(features, take, way);
  return deployment;
}

/** What these deployments teach, one after the other. */
export function learnedFrom(
  deployments: readonly Deployment[],
  before: Patterns = emptyPatterns(),
): Patterns {
  return deployments.reduce((patterns, one) => learnFrom(patterns, one).patterns, before);
}
