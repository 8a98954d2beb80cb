import { blameOf } from './blame.ts';
import { answerable, type Strength } from './culprit.ts';
import { explainReason, lookupIn } from './dependencies.ts';
import type { Deployment } from './deployment.ts';
import type { ShippedFeature } from './event.ts';
import type { Feature } from './feature.ts';
import type { HistoryRow } from './memory.ts';
import type { LeftOut } from './rest-of.ts';

/** A feature of a failed candidate, and what speaks against it. */
export interface Suspected {
  id: string;
  title: string;
  /** Its share of the blame, 0 … 1. */
  share: number;
  /** What points at it; absent where nothing does. */
  evidence?: { strength: Strength; text: string };
  /** What was thought of it before: the probability of success. */
  probability: number;
  /** It has to ship: leaving it out leaves open what it mends. */
  must: boolean;
}

/** The features of a failed candidate, the most suspicious first: by their share of the blame, then by what was thought of them. */
export function suspectedIn({
  source: { features },
  culprit,
}: Pick<Deployment, 'source' | 'culprit'>): Suspected[] {
  const shares = blameOf(features, false, culprit);
  return features
    .map(({ id, title, risk, bucket }): Suspected => {
      const found = culprit?.suspects.find((one) => one.id === id);
      return {
        id,
        title,
        share: shares.get(id) ?? 0,
        ...(found ? { evidence: { strength: found.strength, text: found.evidence.join('; ') } } : {}),
        probability: risk.probability,
        must: bucket === 'must',
      };
    })
    .toSorted((a, b) => b.share - a.share || a.probability - b.probability);
}

/** The one that stays out without being asked about: what the failure was traced to. */
export function tracedIn(d: Pick<Deployment, 'source' | 'culprit'>): string | undefined {
  const id = answerable(d.culprit)?.id;
  return d.source.features.some((feature) => feature.id === id) ? id : undefined;
}

/** Why there is nothing to leave out of a past deployment, as far as its row tells; undefined where there may be. */
export function whyNoRest(row: Pick<HistoryRow, 'id' | 'kind' | 'outcome' | 'features'>): string | undefined {
  const { id, kind, outcome, features } = row;
  if (kind === 'rollback')
    return outcome === 'succeeded' ? undefined : `${id} is a rollback that did not succeed`;
  if (outcome === 'succeeded') return `${id} went well: there is nothing to leave out`;
  if (outcome === 'halted') return `${id} was halted: nobody knows yet whether it went wrong`;
  if (features.length === 0)
    return `${id} shipped an existing revision, which came without a list of features: there is nothing to leave out`;
  return features.length === 1 ? `${id} shipped one feature alone: nothing is left without it` : undefined;
}

/** What of a failed candidate ships again, and what does not. */
export interface Remainder {
  /** Ids of what waits still and can ship without what is left out, in the candidate's order. */
  kept: string[];
  without: LeftOut[];
  /** What the base holds by now. */
  shipped: { id: string; title: string }[];
}

/** What a person, or the evidence, leaves out: the feature's id in the failed candidate, and why. */
export type Leaving = Pick<LeftOut, 'id' | 'why'> & { kind: 'suspect' | 'asked' };

/**
 * The candidate's features among those that wait now, without `leaving` and whatever cannot ship without that, each with
 * why. A feature is known again by its id or by a commit. Pure.
 */
export function remainderOf(
  waiting: readonly Feature[],
  candidate: readonly Pick<ShippedFeature, 'id' | 'title' | 'commits'>[],
  leaving: readonly Leaving[],
): Remainder {
  const { byId, users } = lookupIn(waiting);
  const ownerOf = new Map(
    waiting.flatMap((feature) => feature.commits.map((sha) => [sha, feature] as const)),
  );
  const now = candidate.map((old) => {
    const found = [byId.get(old.id), ...old.commits.map((sha) => ownerOf.get(sha))];
    const there = new Set(found.filter((one) => one !== undefined && one.onBase !== true));
    return { old, ids: [...there].flatMap((one) => one?.id ?? []) };
  });
  const out = new Map<string, LeftOut>();
  for (const { id, kind, why } of leaving) {
    const each = now.find(({ old }) => old.id === id);
    for (const own of each?.ids ?? []) out.set(own, { id: own, title: each?.old.title ?? own, kind, why });
  }
  const open = [...out.keys()];
  for (const id of open)
    for (const user of users.get(id) ?? []) {
      if (user.onBase === true || out.has(user.id)) continue;
      const reason = user.dependsOn.find((need) => need.id === id)?.because[0];
      const why = `it needs ${id}${reason ? `: ${explainReason(reason)}` : ''}`;
      out.set(user.id, { id: user.id, title: user.title, kind: 'needs', why });
      open.push(user.id);
    }
  const mine = new Set(now.flatMap(({ ids }) => ids));
  return {
    kept: [...mine].filter((id) => !out.has(id)),
    without: [...out.values()].filter(({ id }) => mine.has(id)),
    shipped: now.flatMap(({ old, ids }) => (ids.length === 0 ? [{ id: old.id, title: old.title }] : [])),
  };
}
