import type { Discovery, Feature, Ref } from '../domain/feature.ts';
import type { Patterns, Preferences } from '../domain/memory.ts';
import type { Settings } from '../domain/settings.ts';
import type { Cache } from '../ports/cache.ts';
import type { Checkout, Git } from '../ports/git.ts';
import { assembleFeatures } from './assemble.ts';
import { assess, assessDeployment, maxFeatures } from './assessment/assess.ts';
import { readExperience } from './assessment/experience.ts';
import { readCommits } from './commit.ts';
import { isCutOff } from './cut-off.ts';
import { withOffers } from './entry-offers.ts';
import { foundKey, recallFound, rememberFound, type Found, type KeptFound } from './found.ts';
import { gatherFacts } from './gather-facts.ts';
import { groupUnits } from './grouping.ts';
import { linkUnits } from './link-units.ts';
import { markMustInclude, matchMessages } from './must-include.ts';
import type { LearnedPast } from './past/past-view.ts';
import { pickWanted } from './pick.ts';
import { describeCheckout, explainNothing, findRange, type Range } from './range.ts';
import { readShipped } from './shipped.ts';
import { describeParting, describeUnknown } from './unknowns.ts';
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
  /** What the history says of changes, and what it taught about them; absent until it was read. */
  past?: LearnedPast | undefined;
  /** What earlier runs read of the same commits; without it everything is read anew. */
  cache?: Cache | undefined;
  /** Git processes that read diffs side by side, unless as many as there are processors. */
  shards?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Told now and then how many of the waiting first-parent commits were read. */
  progress?: ((read: number, of: number) => void) | undefined;
}

/**
 * What waits between base and head, as features with their dependencies, risks and buckets. Reads git only; fetches
 * nothing. Every commit of `base..head` is in exactly one feature. Throws `unborn-branch`, `no-base` (78), `bad-ref` (2),
 * `unknown-ref`, `bad-pattern` (78).
 */
export async function discover(git: Git, request: DiscoverRequest): Promise<Discovery> {
  const { frame, kept, find } = await begin(git, request);
  if (!kept) return frame(await find());
  return frame({ features: JSON.parse(kept.features.toString('utf8')) as Feature[], rest: kept.rest });
}

/** The same as the JSON of one document, in pieces: what an earlier run found is passed on as it was kept. */
export async function* discoverJson(git: Git, request: DiscoverRequest): AsyncGenerator<string | Buffer> {
  const { frame, kept, find } = await begin(git, request);
  const found = kept ? { features: [], rest: kept.rest } : await find();
  const { features, ...document } = frame(found);
  yield `${JSON.stringify(document).slice(0, -1)},"features":`;
  if (kept) yield kept.features;
  else {
    yield '[';
    for (const [i, feature] of features.entries()) yield `${i > 0 ? ',' : ''}${JSON.stringify(feature)}`;
    yield ']';
  }
  yield '}';
}

/** Looks where to look, and whether an earlier run has found it all. */
async function begin(
  git: Git,
  request: DiscoverRequest,
): Promise<{
  frame: (found: Pick<Found, 'features' | 'rest'>) => Discovery;
  kept: KeptFound | undefined;
  find: () => Promise<Found>;
}> {
  const checkout = await git.checkout();
  const range = await findRange(git, request, checkout);
  const key = foundKey(range, checkout, request);
  return {
    frame: ({ features, rest }) => ({
      schema: 'orchestra/discovery@1',
      base: range.base,
      head: range.head,
      features,
      deployment: { ...rest.deployment, maxFeatures: maxFeatures(request) },
      notes: [...rest.notes, ...range.notes, ...describeCheckout(checkout)],
    }),
    kept: await recallFound(request.cache, key),
    find: async () => {
      const found = await find(git, range, checkout, request);
      await rememberFound(request.cache, key, found);
      return found;
    },
  };
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
      rest: { deployment: assessDeployment([], []), notes: await explainNothing(git, range, checkout) },
      complete: false,
    };

  const cutOff = await isCutOff(git, units[0]?.commit, signal);
  const [changes, parted, shipped, experience] = await Promise.all([
    analyse(git, units, cutOff, range, request),
    describeParting(git, range, units, cutOff),
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
    rest: {
      deployment: assessDeployment(
        features,
        pickWanted({ features }, 'recommended'),
        request.patterns.together,
      ),
      notes: [
        ...(nothing ? ['Nothing waits: everything on the head is on the base already.'] : []),
        ...shipped.notes,
        ...parted,
        ...describeUnknown(cutOff ? changes.slice(1) : changes),
      ],
    },
    complete: changes.every(({ unknown }) => unknown === 0),
  };
}

/** Each unit's change, from one pass over the diffs of all that are not known yet. */
async function analyse(
  git: Git,
  units: readonly Unit[],
  cutOff: boolean,
  { base, head }: Range,
  request: DiscoverRequest,
): Promise<UnitChange[]> {
  const { cache, signal } = request;
  const seen = cutOff ? units.slice(1) : units;
  const facts = gatherFacts({ git, shas: seen.map(({ commit }) => commit.sha), ...request });
  // What is before the cut may be there tomorrow, and then it counts.
  const linked = await linkUnits(seen, facts, base.sha, cutOff ? undefined : cache);
  const changes = await withOffers(git, head.sha, seen, linked, signal);
  return cutOff ? [unknownChange, ...changes] : changes;
}

/** Of a commit whose parents are not in this clone. */
const unknownChange: UnitChange = {
  files: [],
  flags: { breaking: false, testsTouched: false },
  needs: new Map(),
  offers: [],
  unknown: 1,
};
