import { explainReason } from '../../domain/dependencies.ts';
import type { Bucket, Feature, Risk } from '../../domain/feature.ts';
import { formatInterval } from '../../domain/interval.ts';
import type { Candidate } from '../assemble.ts';
import { Needs } from './needs.ts';
import { tellFailure, type Past } from './past.ts';
import type { Shift } from './shift-by-choices.ts';

export interface Judged {
  candidate: Candidate;
  risk: Risk;
  past: Past | undefined;
}

const order: readonly Bucket[] = ['must', 'recommended', 'optional', 'not_recommended'];
const worse = (a: Bucket, b: Bucket) => (order.indexOf(a) >= order.indexOf(b) ? a : b);

/** Kinds of change nobody waits for; they ship when something needs them, or when a person takes them along. */
const lowPriority = new Set(['docs', 'test', 'build', 'chore']);

/** Blame from which a feature that was rolled back is held to be a cause and not a passenger. */
export const culprit = 0.3;

interface Verdict {
  bucket: Bucket;
  reason: string;
  takenBackIn?: string;
}

/**
 * Puts every feature into one of four buckets, with the reason in words. Must stays must; any other is never better than
 * the worst of what it cannot ship without; and at most `max` features are recommended, their closures and the musts
 * counted, the safest first (D8). `shift` is what choices of before move in between.
 */
export function fillBuckets(judged: readonly Judged[], max: number, shift?: Shift): Feature[] {
  const verdicts = new Map(judged.map((one) => [one.candidate.feature.id, judgeAlone(one)]));
  const features = judged.map(({ candidate, risk }): Feature => {
    const own = verdicts.get(candidate.feature.id) ?? { bucket: 'optional', reason: '' };
    return { ...candidate.feature, risk, ...own };
  });
  const needs = new Needs(features);
  inherit(features, verdicts, needs);
  postpone(features, needs);
  const standing = new Set(judged.filter(standsBack).map(({ candidate }) => candidate.feature.id));
  const settle = shift?.(features, needs, (id) => standing.has(id));
  limit(features, needs, max);
  settle?.();
  return features;
}

/** Optional for what happened to it, not for what it is: no habit of choosing lifts that. */
function standsBack({ candidate, past }: Judged): boolean {
  return candidate.reverted || (past?.unresolved === true && (past.lastFailure?.blame ?? 0) >= culprit);
}

/** Nothing but a must is better than the worst of what it cannot ship without. */
function inherit(features: readonly Feature[], verdicts: ReadonlyMap<string, Verdict>, needs: Needs): void {
  for (const bucket of order.toReversed()) {
    const holders = features.filter((one) => !one.onBase && verdicts.get(one.id)?.bucket === bucket);
    const dependants = needs.dependants(holders.map(({ id }) => id));
    for (const feature of features) {
      const id = dependants.get(feature.id);
      const need = id === undefined ? undefined : verdicts.get(id);
      if (!need || feature.bucket === 'must' || worse(feature.bucket, need.bucket) === feature.bucket)
        continue;
      feature.bucket = need.bucket;
      const direct = feature.dependsOn.find((one) => one.id === id)?.because[0];
      feature.reason = `It cannot ship without ${id}${direct ? ` (${explainReason(direct)})` : ''}, which is ${words(need.bucket)}: ${lowerFirst(need.reason)}`;
    }
  }
}

function judgeAlone({ candidate, risk, past }: Judged): Verdict {
  const { feature } = candidate;
  if (feature.onBase)
    return { bucket: 'optional', reason: 'The base already holds it; selecting it adds nothing.' };
  const before = past?.lastFailure && past.unresolved ? past.lastFailure : undefined;
  if (candidate.urgent !== undefined)
    return {
      bucket: 'must',
      reason: `It ${candidate.urgent}${before ? `; but it was ${tellFailure(before)}` : ''}.`,
    };
  if (candidate.unread)
    return {
      bucket: 'not_recommended',
      reason: 'What it changes is not in this clone: nothing can be said of it.',
    };
  const chance = `${Math.round(risk.probability * 100)} % likely to go well (${formatInterval(risk.interval)}, n=${risk.n})`;
  if (before && before.blame >= culprit) {
    if (past?.newCommits)
      return {
        bucket: 'optional',
        reason: `It ${tellFailure(before)} and has ${past.newCommits} new ${past.newCommits === 1 ? 'commit' : 'commits'} since; ${chance}.`,
      };
    return {
      bucket: 'not_recommended',
      reason: `It ${tellFailure(before)} and has not changed since; ${chance}.`,
      takenBackIn: before.deployment,
    };
  }
  if (candidate.reverted)
    return {
      bucket: 'optional',
      reason: 'It was taken back by a later commit; the two ship together or not at all.',
    };
  if (feature.flags.schema?.destructive)
    return {
      bucket: 'not_recommended',
      reason: `It ${seen(feature.flags.schema) ?? 'drops or rewrites data'} (${feature.flags.schema.paths[0] ?? feature.flags.schema.kind}); ship it on its own, with a backup.`,
    };
  if (feature.flags.breaking || feature.flags.api?.breaking)
    return {
      bucket: 'not_recommended',
      reason: `${breaksWhom(feature.flags.api)}; ship it when they are ready. ${upperFirst(chance)}.`,
    };
  // What happened to it before is told by the note, with the deployment's name.
  const worst = risk.factors
    .filter(({ name, effect }) => effect < 0 && name !== 'history')
    .sort((a, b) => a.effect - b.effect);
  const why = worst
    .slice(0, 2)
    .map(({ text }) => text)
    .join('; ');
  const note = before ? ` It was aboard when ${before.deployment} ${tellFailure(before)}.` : '';
  const causes = why || 'little is known of changes like it';
  if (risk.level === 'low')
    return {
      bucket: 'recommended',
      reason: `${upperFirst(chance)}${why ? `, although: ${why}` : ''}.${note}`,
    };
  return risk.level === 'medium'
    ? { bucket: 'optional', reason: `${upperFirst(chance)}: ${causes}.${note}` }
    : { bucket: 'not_recommended', reason: `Only ${chance}: ${causes}.${note}` };
}

/** The worst that was seen, as a statement. */
function seen(flag: { changes?: string[] | undefined } | undefined): string | undefined {
  return flag?.changes?.[0];
}

function breaksWhom(api: Feature['flags']['api']): string {
  const where = api?.paths[0] ? ` of ${api.paths[0]}` : '';
  const what = api?.breaking ? seen(api) : undefined;
  return `It breaks callers${where}${what === undefined ? '' : `: it ${what}`}`;
}

/** Low priority: recommended changes nobody waits for become optional, unless a recommended one needs them. */
function postpone(features: readonly Feature[], needs: Needs): void {
  const needed = needs.closure(
    features
      .filter(({ bucket, type }) => bucket === 'recommended' && !lowPriority.has(type))
      .map(({ id }) => id),
  );
  for (const feature of features) {
    if (feature.bucket !== 'recommended' || !lowPriority.has(feature.type) || needed.has(feature.id))
      continue;
    feature.bucket = 'optional';
    feature.reason = `Low priority (${feature.type}). ${feature.reason}`;
  }
}

/** Keeps the safest within the maximum; what no longer fits is optional, and says so. */
function limit(features: readonly Feature[], needs: Needs, max: number): void {
  const must = new Set(features.filter(({ bucket }) => bucket === 'must').map(({ id }) => id));
  const kept = needs.closure(must);
  const wanted = features
    .map((feature, place) => ({ feature, place }))
    .filter(({ feature }) => feature.bucket === 'recommended')
    .sort((a, b) => b.feature.risk.probability - a.feature.risk.probability || a.place - b.place);
  for (const { feature } of wanted)
    for (const id of needs.beyond(feature.id, kept, max - kept.size) ?? []) kept.add(id);
  for (const { feature } of wanted) {
    if (kept.has(feature.id)) continue;
    feature.bucket = 'optional';
    feature.reason = `Safe, but over the limit of ${max} features for one deployment. ${feature.reason}`;
  }
}

function words(bucket: Bucket): string {
  return bucket.replace('_', ' ');
}
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
