import { choiceIn, type Choice } from '../domain/choice.ts';
import { dependantsOf } from '../domain/dependencies.ts';
import type { Discovery, Feature } from '../domain/feature.ts';

/** What git knows of commits that one side lacks; empty where nothing had to be asked. */
export interface CommitFacts {
  /** Patch ids of commits that vanished and of those that came. */
  patches: ReadonlyMap<string, string>;
  /** Commits of chosen features that the base holds now. */
  onBase: ReadonlySet<string>;
}

export interface CarriedOver {
  /** The choice as it reads in this discovery. */
  choice: Choice;
  /** Waiting features that came after the choice was made. */
  fresh: string[];
  /** What became of the choice, in sentences; empty when it is as it was. */
  told: string[];
  /** The choice is not what it was: it is worth saving. */
  changed: boolean;
}

type Known = Choice['known'][number];

/** Named in one sentence at most. */
const mostNamed = 5;

/**
 * Takes a choice up again after the branch has moved. A feature is known by its id, by a commit it still has, or by the
 * patch id of a rewritten one, so that the choice stays with the change. What no longer waits is left out and named;
 * so is what a deployment has taken back since, with what needs it. A strategy stays a strategy. Pure.
 */
export function carryOver(discovery: Discovery, before: Choice, facts: CommitFacts): CarriedOver {
  const { matches, fresh } = match(discovery, before, facts.patches);
  const told: string[] = [];
  const shipped: string[] = [];
  const gone: string[] = [];
  const wanted = new Set<string>();
  const known = new Map(before.known.map((one) => [one.id, one]));
  const takenBack: Feature[] = [];

  for (const id of before.wanted) {
    const then = known.get(id);
    const feature = matches.get(id);
    if (!feature) {
      const held = then && then.commits.length > 0 && then.commits.every((sha) => facts.onBase.has(sha));
      (held ? shipped : gone).push(id);
      continue;
    }
    if (feature.onBase) {
      shipped.push(id);
      continue;
    }
    if (feature.id !== id) told.push(`${id} is ${feature.id} now: the same change, rewritten.`);
    const more = then && then.commits.length > 0 ? newCommits(feature, then, facts.patches) : 0;
    if (more > 0)
      told.push(`${feature.id} has ${more} new ${more === 1 ? 'commit' : 'commits'} since you chose it.`);
    if (feature.takenBackIn !== undefined && feature.takenBackIn !== then?.takenBackIn)
      takenBack.push(feature);
    else wanted.add(feature.id);
  }

  for (const feature of before.strategy === 'all' ? [] : takenBack) {
    told.push(`${feature.id} is left out: ${lowerFirst(feature.reason)} You can take it again.`);
    for (const id of dependantsOf(discovery.features, feature.id))
      if (wanted.delete(id)) told.push(`${id} is left out too: it needs ${feature.id}.`);
  }
  if (shipped.length > 0) told.push(noLongerWaiting(shipped));
  if (gone.length > 0) told.push(noLongerWaiting(gone, discovery.head.ref));

  const nothingLeft = before.strategy === 'custom' && before.wanted.length > 0 && wanted.size === 0;
  if (nothingLeft) told.push('Nothing of what was chosen is left, so all that is recommended is selected.');
  const strategy = nothingLeft ? 'recommended' : before.strategy;
  const choice = choiceOfKnown(discovery, strategy, [...wanted], fresh);
  return { choice, fresh, told, changed: fingerprint(choice) !== fingerprint(before) };
}

/** The commits whose patch ids would tell what was rewritten; both lists are empty when nothing was. */
export function unrecognised(
  discovery: Discovery,
  choice: Choice,
): { vanished: string[]; came: string[]; wanted: string[] } {
  const { matches, fresh } = match(discovery, choice, new Map());
  const waiting = new Set(discovery.features.flatMap(({ commits }) => commits));
  const remembered = new Set(choice.known.flatMap(({ commits }) => commits));
  const wanted = new Set(choice.wanted);
  const lost = choice.known.filter(({ id }) => !matches.has(id));
  const rewritten = choice.known.filter(({ id, commits }) => {
    const feature = matches.get(id);
    return wanted.has(id) && feature !== undefined && commits.some((sha) => !waiting.has(sha));
  });
  const unfamiliar = new Set(fresh);
  const came = discovery.features.filter(({ id }) => unfamiliar.has(id)).toReversed();
  const rewrittenNow = rewritten.flatMap(({ id }) => matches.get(id) ?? []);
  return {
    vanished: [...lost, ...rewritten].flatMap(({ commits }) => commits.filter((sha) => !waiting.has(sha))),
    came: [...rewrittenNow, ...came].flatMap(({ commits }) => commits.filter((sha) => !remembered.has(sha))),
    wanted: lost.filter(({ id }) => wanted.has(id)).flatMap(({ commits }) => commits),
  };
}

/** Which feature of now each known one is, and the waiting features that are none of them. */
function match(
  discovery: Discovery,
  choice: Choice,
  patches: ReadonlyMap<string, string>,
): { matches: Map<string, Feature>; fresh: string[] } {
  const byId = new Map(discovery.features.map((feature) => [feature.id, feature]));
  const byCommit = new Map<string, Feature>();
  const byPatch = new Map<string, Feature>();
  for (const feature of discovery.features)
    for (const sha of feature.commits) {
      byCommit.set(sha, feature);
      const patch = patches.get(sha);
      if (patch !== undefined) byPatch.set(patch, feature);
    }
  const familiar = new Set<string>();
  const matches = new Map<string, Feature>();
  for (const { id, commits } of choice.known) {
    const shared = commits.flatMap((sha) => byCommit.get(sha) ?? []);
    const alike = commits.flatMap((sha) => byPatch.get(patches.get(sha) ?? '') ?? []);
    for (const feature of [...shared, ...alike]) familiar.add(feature.id);
    const feature = byId.get(id) ?? commonest(shared) ?? commonest(alike);
    if (!feature) continue;
    familiar.add(feature.id);
    matches.set(id, feature);
  }
  const fresh = discovery.features.filter(({ id, onBase }) => onBase !== true && !familiar.has(id));
  return { matches, fresh: fresh.map(({ id }) => id) };
}

/** The feature that stands there most often. */
function commonest(features: readonly Feature[]): Feature | undefined {
  const times = new Map<Feature, number>();
  for (const feature of features) times.set(feature, (times.get(feature) ?? 0) + 1);
  return [...times].reduce<[Feature, number] | undefined>(
    (most, one) => (most && most[1] >= one[1] ? most : one),
    undefined,
  )?.[0];
}

/** Commits of the feature that it did not have then, rewritten ones not counted. */
function newCommits(feature: Feature, then: Known, patches: ReadonlyMap<string, string>): number {
  const had = new Set(then.commits);
  const changes = new Set(then.commits.flatMap((sha) => patches.get(sha) ?? []));
  return feature.commits.filter((sha) => !had.has(sha) && !changes.has(patches.get(sha) ?? '')).length;
}

/**
 * What is known by now, by what it is called and made of: also parts of a feature that was split. What came later stays
 * unknown until somebody chooses.
 */
function choiceOfKnown(
  discovery: Discovery,
  strategy: Choice['strategy'],
  wanted: readonly string[],
  fresh: readonly string[],
): Choice {
  const unknown = new Set(fresh);
  const features = discovery.features.filter(({ id }) => !unknown.has(id));
  return choiceIn({ ...discovery, features }, strategy, wanted);
}

/** The choice without the order of what is known. */
function fingerprint({ strategy, wanted, known }: Choice): string {
  const each = known.map(({ id, commits, takenBackIn }) => [id, takenBackIn ?? '', ...commits].join(' '));
  return JSON.stringify([strategy, wanted, each.sort()]);
}

/** `missingOn`: the head they are not on; without it, the base holds them. */
function noLongerWaiting(ids: readonly string[], missingOn?: string): string {
  const one = ids.length === 1;
  const more = ids.length > mostNamed ? ` and ${ids.length - mostNamed} more` : '';
  const names = `${ids.slice(0, mostNamed).join(', ')}${more}`;
  const held = `${one ? 'it is' : 'they are'} on the base`;
  // Whether somebody took them off or looks at another branch cannot be told apart.
  const why = missingOn === undefined ? held : `${one ? 'its' : 'their'} commits are not on ${missingOn}`;
  return `${names} ${one ? 'is' : 'are'} no longer waiting: ${why}.`;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
