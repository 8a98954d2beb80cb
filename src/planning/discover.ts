import type { Discovery, Ref } from '../domain/feature.ts';
import type { Patterns, Preferences } from '../domain/memory.ts';
import type { Settings } from '../domain/settings.ts';
import type { Cache } from '../ports/cache.ts';
import type { Checkout, Git } from '../ports/git.ts';
import { analysisVersion } from './analysis-version.ts';
import { assembleFeatures } from './assemble.ts';
import { assess, assessDeployment, maxFeatures } from './assessment/assess.ts';
import { readExperience } from './assessment/experience.ts';
import { readCommits } from './commit.ts';
import { flagsOfOffers, type Offered } from './detectors/api.ts';
import { mergeFlags } from './detectors/registry.ts';
import { gatherFacts } from './gather-facts.ts';
import { groupUnits } from './grouping.ts';
import { Linking } from './linking.ts';
import { markMustInclude, matchMessages } from './must-include.ts';
import { readEntries } from './package-entries.ts';
import { pickWanted } from './pick.ts';
import { describeCheckout, explainNothing, findRange, type Range } from './range.ts';
import { readShipped } from './shipped.ts';
import { splitIntoUnits, type Unit, type UnitChange } from './unit.ts';

export interface DiscoverRequest {
  base?: string | undefined;
  head?: string | undefined;
  settings?: Settings | undefined;
  patterns: Patterns;
  preferences: Preferences;
  /** What runs in the environment (`refs/orchestra/deployed/<env>`); the base, unless one is asked for. */
  deployed?: Ref | undefined;
  /** When the deployment would be; lets the time of day count. */
  at?: Date | undefined;
  /** What earlier runs read of the same commits; without it everything is read anew. */
  cache?: Cache | undefined;
  /** Git processes that read diffs side by side, unless as many as there are processors. */
  shards?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** What follows from the two revisions, the settings and the memory alone, and is kept between runs. */
interface Found extends Pick<Discovery, 'features' | 'deployment' | 'notes'> {
  /** Nothing was missing: it can be kept. */
  complete: boolean;
}

/**
 * What waits between base and head, as features with their dependencies, risks and buckets. Reads git only; fetches
 * nothing. Every commit of `base..head` is in exactly one feature. Throws `unborn-branch`, `no-base` (78), `bad-ref` (2),
 * `unknown-ref`, `bad-pattern` (78).
 */
export async function discover(git: Git, request: DiscoverRequest): Promise<Discovery> {
  const checkout = await git.checkout();
  const range = await findRange(git, request, checkout);
  const { base, head } = range;
  const key = foundKey(range, checkout, request);
  const kept = await request.cache?.recall(foundKind, key);
  const found: Found = kept
    ? (JSON.parse(kept.toString('utf8')) as Found)
    : await find(git, range, checkout, request);
  // What is missing from a partial clone, or from the object store at all, may be there tomorrow.
  if (!kept && found.complete) await request.cache?.remember(foundKind, key, JSON.stringify(found));
  return {
    schema: 'orchestra/discovery@1',
    base,
    head,
    features: found.features,
    deployment: { ...found.deployment, maxFeatures: maxFeatures(request) },
    notes: [...found.notes, ...range.notes, ...describeCheckout(checkout)],
  };
}

const foundKind = `found-${analysisVersion}`;

/** All that a discovery's outcome depends on, as a key. */
function foundKey({ base, head }: Range, { shallow }: Checkout, request: DiscoverRequest): string {
  const { settings, patterns, preferences, at } = request;
  return JSON.stringify([
    [base.sha, head.sha, shallow],
    settings?.selection,
    patterns,
    preferences.user_preferences,
    at?.getUTCHours(),
  ]);
}

async function find(git: Git, range: Range, checkout: Checkout, request: DiscoverRequest): Promise<Found> {
  const { base, head } = range;
  const { signal } = request;
  const matcher = matchMessages(request.settings?.selection.must_include ?? []);
  const commits = await readCommits(git, { base: base.sha, head: head.sha }, { signal, matcher });
  const units = splitIntoUnits(commits, head.sha);
  if (units.length === 0)
    return {
      features: [],
      deployment: assessDeployment([], []),
      notes: await explainNothing(git, range, checkout),
      complete: false,
    };

  const [changes, shipped, experience] = await Promise.all([
    analyse(git, units, head.sha, request),
    readShipped(git, units, base.sha, head.sha, signal),
    readExperience(git, base.sha, signal),
  ]);
  const filesOf = (unit: Unit) => changes[unit.index]?.files.map(({ path }) => path) ?? [];
  const groups = groupUnits(units, filesOf, shipped.units);
  const assembled = assembleFeatures(groups, changes, shipped.units);
  const candidates = markMustInclude(assembled);
  const features = assess({ ...request, candidates, experience });
  const nothing = features.every((feature) => feature.onBase);
  return {
    features,
    deployment: assessDeployment(features, pickWanted({ features }, 'recommended')),
    notes: [
      ...(nothing ? ['Nothing waits: everything on the head is on the base already.'] : []),
      ...shipped.notes,
      ...describeUnknown(changes),
    ],
    complete: changes.every(({ unknown }) => unknown === 0),
  };
}

/** Each unit's change, from one pass over the diffs of all that are not known yet. */
async function analyse(
  git: Git,
  units: readonly Unit[],
  head: string,
  request: DiscoverRequest,
): Promise<UnitChange[]> {
  const { cache, shards, signal } = request;
  const changes: UnitChange[] = [];
  const offers: (readonly Offered[])[] = [];
  const linking = new Linking();
  const shas = units.map((unit) => unit.commit.sha);
  for await (const facts of gatherFacts({ git, shas, cache, shards, signal })) {
    const unit = units[changes.length];
    if (!unit) continue;
    changes.push(linking.add(unit, facts));
    offers.push(facts.offers);
  }
  const paths = [...new Set(offers.flatMap((list) => list.map(({ path }) => path)))];
  const isEntry = await readEntries(git, head, paths, signal);
  return changes.map((change, i) =>
    offerTo(
      change,
      units[i],
      (offers[i] ?? []).filter(({ path }) => isEntry(path)),
    ),
  );
}

/** Adds what modules that others import offer to a change's flags; a message that says it breaks counts for them too. */
function offerTo(change: UnitChange, unit: Unit | undefined, offers: readonly Offered[]): UnitChange {
  if (offers.length === 0) return change;
  const said = unit?.commits.some(({ message }) => message.breaking) === true;
  const told = offers.map((offer) => ({ ...offer, breaking: offer.breaking || said }));
  return { ...change, flags: mergeFlags([change.flags, ...flagsOfOffers(told)]) };
}

/** That contents are missing must be said: their lines count for nothing, and their dependencies are a guess. */
function describeUnknown(changes: readonly UnitChange[]): string[] {
  const features = changes.filter(({ unknown }) => unknown > 0).length;
  if (features === 0) return [];
  return [
    `${features} waiting ${features === 1 ? 'feature changes' : 'features change'} files whose content is not in this clone: their lines are unknown, and each is taken to need whatever touched those files before. "git fetch --refetch" brings the contents.`,
  ];
}
