import type { ShippedFeature } from '../../src/domain/event.ts';
import type { Feature } from '../../src/domain/feature.ts';
import { patternsSchema, type Patterns } from '../../src/domain/memory.ts';
import { learnFrom } from '../../src/learning/learn.ts';
import { aDeployment } from '../../test/harness/deployment.ts';
import type { Random } from '../judge/random.ts';
import { adviceFor, isAdvised } from './advice.ts';
import { drawChange, drawHour, isBad, type Change, type Team } from './team.ts';

export const nothingLearned: Patterns = patternsSchema.parse({ schema: 'orchestra/patterns@1' });

/** How many changes wait when a team chooses. */
export const waiting = 20;
/** A team that is advised to ship less than this adds the likeliest of the others. */
const least = 3;
/** How often a failure is traced to the change that made it (stacks, routes, changed lines). */
const traced = 0.6;
/** How often a team finds by itself, before its next deployment, what was bad. */
const found = 0.5;
/** Changes nobody advised so often are withdrawn and written anew. */
const patience = 5;

const dayMs = 86_400_000;
const firstDay = Date.UTC(2026, 0, 5);

interface Waiting {
  change: Change;
  passedOver: number;
}

/** What a deployment's journal remembers of a feature. */
function shippedOf({ files, dependsOn: _needs, reason: _reason, ...feature }: Feature): ShippedFeature {
  return { ...feature, fileCount: files.length, paths: files.map(({ path }) => path), pulledIn: false };
}

/** A deployment of these features that began at a time and ended as it did, as its journal folds. */
function deploymentOf(
  number: number,
  at: Date,
  features: readonly ShippedFeature[],
  bad: ShippedFeature | undefined,
  trace: boolean,
) {
  const id = `${at.toISOString().slice(0, 10).replaceAll('-', '')}_${String(number).padStart(6, '0')}`;
  const reason = bad ? '12.5 % of the candidate requests failed, more than 5 %' : 'all phases passed';
  return aDeployment(id)
    .with((d) => {
      d.source.features = [...features];
      d.requestedAt = at.toISOString();
      d.updatedAt = new Date(at.getTime() + 400_000).toISOString();
      d.concludedAt = d.updatedAt;
      if (bad && trace)
        d.culprit = {
          kind: 'named',
          reason: `Likely "${bad.title}"`,
          suspects: [
            {
              id: bad.id,
              title: bad.title,
              strength: 'medium',
              stacks: 3,
              of: 3,
              evidence: [`3 of 3 stacks pass ${bad.paths[0] ?? ''}`],
            },
          ],
          errors: [],
          unread: [],
        };
    })
    .concluding(bad ? 'rolled_back' : 'succeeded', reason)
    .build();
}

/**
 * A team's life with the product: at each deployment it ships what it is advised of all that waits, and the product
 * learns how it went. Calls `look` with what has been learned after each of `checkpoints` deployments.
 */
export function live(
  team: Team,
  random: Random,
  checkpoints: readonly number[],
  look: (deployments: number, patterns: Patterns) => void,
): void {
  let patterns = nothingLearned;
  let changes = 0;
  const fresh = (): Waiting => ({ change: drawChange(random, ++changes), passedOver: 0 });
  let pool = Array.from({ length: waiting }, fresh);
  const last = Math.max(0, ...checkpoints);
  for (let number = 1; number <= last; number += 1) {
    const hour = drawHour(random);
    const at = new Date(firstDay + number * dayMs + hour * 3_600_000);
    const features = adviceFor(
      pool.map(({ change }) => change),
      patterns,
      at,
    );
    const chosen = choose(features);
    const bad = pool.find(({ change }) => chosen.has(change.id) && isBad(team, change, hour))?.change;
    const shipped = features.filter(({ id }) => chosen.has(id)).map(shippedOf);
    const culprit = shipped.find(({ id }) => id === bad?.id);
    const trace = random.next() < traced;
    const noticed = trace || random.next() < found;
    patterns = learnFrom(patterns, deploymentOf(number, at, shipped, culprit, trace)).patterns;
    pool = pool.map((one) => {
      const aboard = chosen.has(one.change.id);
      if (aboard && !bad) return fresh();
      if (one.change === bad && noticed) return { change: mended(one.change), passedOver: 0 };
      const passedOver = aboard ? one.passedOver : one.passedOver + 1;
      return passedOver > patience ? fresh() : { ...one, passedOver };
    });
    if (checkpoints.includes(number)) look(number, patterns);
  }
}

function choose(features: readonly Feature[]): Set<string> {
  const chosen = new Set(features.filter(isAdvised).map(({ id }) => id));
  const others = features.toSorted((a, b) => b.risk.probability - a.risk.probability);
  for (const { id } of others) {
    if (chosen.size >= least) break;
    chosen.add(id);
  }
  return chosen;
}

/** The same change with another commit, and nothing wrong with it any more. */
function mended(change: Change): Change {
  const commit = `f${(change.commits[0] ?? '').slice(1)}`;
  return { ...change, commits: [...change.commits, commit], luck: 1 };
}
