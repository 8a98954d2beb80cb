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
import { isCutOff } from './cut-off.ts';
import { gatherFacts } from './gather-facts.ts';
import { groupUnits } from './grouping.ts';
import { Linking } from './linking.ts';
import { markMustInclude, matchMessages } from './must-include.ts';
import { pickWanted } from './pick.ts';
import { safeText } from '../domain/safe-text.ts';
import { describeCheckout, explainNothing, findRange, type Range } from './range.ts';
import { readShipped } from './shipped.ts';
import { isUnread, splitIntoUnits, type Unit, type UnitChange } from './unit.ts';

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

  const cutOff = await isCutOff(git, units[0]?.commit, signal);
  const [changes, parted, shipped, experience] = await Promise.all([
    analyse(git, units, cutOff, request),
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
    deployment: assessDeployment(features, pickWanted({ features }, 'recommended')),
    notes: [
      ...(nothing ? ['Nothing waits: everything on the head is on the base already.'] : []),
      ...shipped.notes,
      ...parted,
      ...describeUnknown(cutOff ? changes.slice(1) : changes),
    ],
    complete: changes.every(({ unknown }) => unknown === 0),
  };
}

/** Each unit's change, from one pass over the diffs of all that are not known yet. */
async function analyse(
  git: Git,
  units: readonly Unit[],
  cutOff: boolean,
  request: DiscoverRequest,
): Promise<UnitChange[]> {
  const { cache, shards, signal } = request;
  const changes: UnitChange[] = cutOff ? [unknownChange] : [];
  const linking = new Linking();
  const shas = units.slice(changes.length).map((unit) => unit.commit.sha);
  for await (const facts of gatherFacts({ git, shas, cache, shards, signal })) {
    const unit = units[changes.length];
    if (unit) changes.push(linking.add(unit, facts));
  }
  return changes;
}

/** Of a commit whose parents are not in this clone. */
const unknownChange: UnitChange = {
  files: [],
  flags: { breaking: false, testsTouched: false },
  needs: new Map(),
  unknown: 1,
};

/** Where the history of what waits does not begin on the base, that must be said: it has no other sign. */
async function describeParting(
  git: Git,
  { base, head }: Range,
  units: readonly Unit[],
  cutOff: boolean,
): Promise<string[]> {
  const first = units[0]?.commit;
  if (!first || first.parents.length > 0) return [];
  const names = [safeText(head.ref, 200), safeText(base.ref, 200)] as const;
  const related = await git.run(['merge-base', base.sha, head.sha], { accept: [0, 1] });
  return [
    ...(cutOff
      ? [
          `This shallow clone is cut off at ${first.sha.slice(0, 12)}: what that commit changes is not known, so it is not recommended and cannot be proved. "git fetch --unshallow" brings the rest of the history.`,
        ]
      : []),
    ...(related.exitCode === 0
      ? []
      : cutOff
        ? [
            `Where ${names[0]} and ${names[1]} parted is beyond the cut: commits that both have may be listed as waiting.`,
          ]
        : [
            `${names[0]} and ${names[1]} have no commit in common: all of ${names[0]} waits, beginning with its first commit. Name the branch it was made from with --base if another was meant.`,
          ]),
  ];
}

/** That contents are missing must be said: their lines count for nothing, and their dependencies are a guess. */
function describeUnknown(changes: readonly UnitChange[]): string[] {
  const unread = changes.filter(isUnread).length;
  const features = changes.filter(({ unknown }) => unknown > 0).length - unread;
  return [
    ...(features > 0
      ? [
          `${features} waiting ${features === 1 ? 'feature changes' : 'features change'} files whose content is not in this clone: their lines are unknown, and each is taken to need whatever touched those files before. "git fetch --refetch --no-filter" brings the contents.`,
        ]
      : []),
    ...(unread > 0
      ? [
          `What ${unread} waiting ${unread === 1 ? 'commit changes' : 'commits change'} is not in this clone, not even the names of the files, so nothing can be said of ${unread === 1 ? 'it' : 'them'}. "git fetch --refetch --no-filter" brings it.`,
        ]
      : []),
  ];
}
