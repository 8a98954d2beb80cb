import { z } from 'zod';
import { counted } from './counted.ts';
import type { Deployment } from './deployment.ts';
import { formatDuration } from './duration.ts';
import { saysVersion } from './says-version.ts';
import { countsSchema, emptyCounts, errorsOf, histogramOf, quantile, since } from './sample.ts';
import { formatSize } from './size-setting.ts';

/** What was seen of one place at one look. */
const placeLookSchema = z.object({
  place: z.string(),
  /** The sha that the router sends users to; null where it sends them nowhere. */
  serves: z.string().nullable(),
  /** What the service says its version is; absent where it does not say. */
  says: z.string().optional(),
  /** Each copy of the version: its process, and whether it is healthy. */
  copies: z.array(z.object({ pid: z.number(), startTime: z.string(), healthy: z.boolean() })),
  wanted: z.number().int(),
  /** What the router counted for the version so far; absent where it could not be read. */
  counts: countsSchema.optional(),
  /** Bytes, of the largest copy. */
  memory: z.number().optional(),
  /** Kinds of error in the end of its log, safe to print, with how often each is there. */
  errors: z.array(z.object({ text: z.string(), count: z.number().int() })),
});
export type PlaceLook = z.infer<typeof placeLookSchema>;

/** One look at what a deployment brought: a line of `verification.ndjson`. */
export const lookSchema = z.object({
  at: z.iso.datetime(),
  places: z.array(placeLookSchema),
  /** Why the looks end with this one. */
  ended: z.string().optional(),
});
export type VerificationLook = z.infer<typeof lookSchema>;

export interface VerificationCheck {
  id: 'health' | 'version' | 'restarts' | 'errors' | 'latency' | 'log' | 'memory';
  title: string;
  status: 'passed' | 'failed' | 'skipped';
  detail: string;
}

/** What grows by less is no growth, in bytes; and by how much it must grow to be told. */
const [leastGrowth, tooMuchGrowth] = [64 * 2 ** 20, 1.5];

/** A kind of error that is in the log less often is not told: the odd one is in every log. */
const fewErrors = 5;

/** How users fared with the old version while both served: its p95, in milliseconds; undefined where nothing is known. */
export function p95Before({ samples }: Pick<Deployment, 'samples'>): number | undefined {
  const first = samples.find(({ stable }) => stable)?.stable;
  const last = samples.findLast(({ stable }) => stable)?.stable;
  return first && last && quantile(histogramOf(since(first, last)), 0.95);
}

/** What was last read in the rollout, as a first look to compare with; without processes, which nobody looked at then. */
function firstLook(d: Deployment, now: VerificationLook): VerificationLook {
  const sample = d.samples.at(-1);
  return {
    at: sample?.at ?? d.updatedAt,
    places: now.places.map((place, i) => ({
      ...place,
      copies: [],
      errors: [],
      counts: i === 0 ? (sample?.candidate ?? emptyCounts()) : undefined,
      memory: i === 0 ? sample?.memory?.candidate : undefined,
    })),
  };
}

/**
 * What the newest look means, beside those before it: errors and latency over the plan's windows, memory and restarts since the first.
 * Too little to judge is `skipped`, never `passed`. Pure.
 */
export function verificationChecks(d: Deployment, looks: readonly VerificationLook[]): VerificationCheck[] {
  const now = looks.at(-1);
  if (!now || d.candidate.kind === 'none') return [];
  const { version } = d.candidate;
  const all = [firstLook(d, now), ...looks];
  const [, seenFirst = now] = all;
  const { triggers } = d.plan;
  const windowStart = Date.parse(now.at) - triggers.errorWindowMs;
  const before = all.slice(0, -1).findLast(({ at }) => Date.parse(at) <= windowStart) ?? all[0] ?? now;
  const many = now.places.length > 1;
  const name = (place: PlaceLook) => (many ? `${place.place}: ` : '');
  const of = (look: VerificationLook, place: PlaceLook) => look.places.find((p) => p.place === place.place);
  const check = (
    id: VerificationCheck['id'],
    title: string,
    each: (place: PlaceLook) => { status: VerificationCheck['status']; detail: string },
  ): VerificationCheck => {
    const results = now.places.map((place) => ({ place, ...each(place) }));
    const worst =
      results.find(({ status }) => status === 'failed') ??
      results.find(({ status }) => status === 'passed') ??
      results[0];
    const told = worst?.status === 'failed' ? results.filter(({ status }) => status === 'failed') : results;
    return {
      id,
      title,
      status: worst?.status ?? 'skipped',
      detail: told.map(({ place, detail }) => `${name(place)}${detail}`).join('; '),
    };
  };
  const ofWindow = (place: PlaceLook) => place.counts && since(of(before, place)?.counts, place.counts);
  const usual = p95Before(d);
  return [
    check('health', 'health', ({ copies, wanted }) => {
      const healthy = copies.filter((copy) => copy.healthy).length;
      const detail = `${healthy} of ${counted(wanted, 'copy', 'copies')} healthy`;
      return { status: healthy < wanted ? 'failed' : 'passed', detail };
    }),
    check('version', 'the version that serves', ({ serves, says }) => {
      if (serves !== version.sha)
        return { status: 'failed', detail: `users are sent to ${serves?.slice(0, 12) ?? 'nothing'}` };
      if (says !== undefined && !saysVersion(says, version))
        return { status: 'failed', detail: `the service says it is ${says}` };
      return { status: 'passed', detail: version.name };
    }),
    check('restarts', 'restarts', (place) => {
      const known = of(seenFirst, place)?.copies ?? [];
      if (known.length === 0 || seenFirst === now)
        return { status: 'skipped', detail: 'first look: nothing to compare with' };
      const fresh = place.copies.filter(
        ({ pid, startTime }) => !known.some((copy) => copy.pid === pid && copy.startTime === startTime),
      );
      return fresh.length > 0
        ? {
            status: 'failed',
            detail: `${counted(fresh.length, 'copy', 'copies')} started anew since ${clock(seenFirst.at)}`,
          }
        : { status: 'passed', detail: 'none' };
    }),
    check('errors', 'error rate', (place) => {
      const counts = ofWindow(place);
      if (!counts) return { status: 'skipped', detail: 'the router’s numbers could not be read' };
      const rate = counts.requests === 0 ? 0 : (100 * errorsOf(counts)) / counts.requests;
      const detail = `${rate.toFixed(2)} % of ${counted(counts.requests, 'request')} since ${clock(before.at)}`;
      if (counts.requests < triggers.minimumSample)
        return { status: 'skipped', detail: `${detail}: fewer than ${triggers.minimumSample} say nothing` };
      return {
        status: rate > triggers.errorRate ? 'failed' : 'passed',
        detail: `${detail}, limit ${triggers.errorRate} %`,
      };
    }),
    check('latency', 'p95 latency', (place) => {
      const counts = ofWindow(place);
      const p95 = counts && quantile(histogramOf(counts), 0.95);
      if (p95 === undefined || counts === undefined || counts.requests < triggers.minimumSample)
        return { status: 'skipped', detail: 'too few requests' };
      if (usual === undefined)
        return { status: 'skipped', detail: `${Math.round(p95)} ms; nothing to compare with` };
      const limit = Math.max(
        usual * (1 + triggers.latencyIncrease / 100),
        usual + triggers.latencyToleranceMs,
      );
      const detail = `${Math.round(p95)} ms, before ${Math.round(usual)} ms, limit ${Math.round(limit)} ms`;
      return { status: p95 > limit ? 'failed' : 'passed', detail };
    }),
    check('log', 'errors in the log', (place) => {
      const known = new Set((of(seenFirst, place)?.errors ?? []).map(({ text }) => text));
      const fresh = place.errors.filter(
        ({ text, count }) => count >= fewErrors && (seenFirst === now || !known.has(text)),
      );
      const [first] = fresh;
      if (!first) return { status: 'passed', detail: 'no new kind' };
      const more = fresh.length > 1 ? `, and ${fresh.length - 1} more kinds` : '';
      return { status: 'failed', detail: `${first.count} times “${first.text}”${more}` };
    }),
    check('memory', 'memory', (place) => {
      const start = of(seenFirst, place)?.memory ?? of(all[0] ?? now, place)?.memory;
      const { memory } = place;
      if (memory === undefined) return { status: 'skipped', detail: 'cannot be seen here' };
      const limit = triggers.memoryLimitBytes;
      if (limit !== undefined && memory > limit)
        return { status: 'failed', detail: `${formatSize(memory)}, limit ${formatSize(limit)}` };
      const grew = start !== undefined && memory > start * tooMuchGrowth && memory - start > leastGrowth;
      return {
        status: grew ? 'failed' : 'passed',
        detail: `${formatSize(memory)}${start === undefined ? '' : `, at first ${formatSize(start)}`}`,
      };
    }),
  ];
}

const clock = (at: string): string => `${at.slice(11, 16)} UTC`;

/** How the verification of a deployment stands, in a line: `verified for 12 min of 30 min: all well`. */
export function verificationWords(d: Deployment, looks: readonly VerificationLook[]): string | undefined {
  const plan = d.plan.verification;
  const last = looks.at(-1);
  if (d.status.kind !== 'finished' || !last) return undefined;
  const forMs = Math.max(0, Date.parse(last.at) - Date.parse(d.status.at));
  const limit = plan && (forMs < plan.soonMs ? plan.soonMs : plan.laterMs);
  const over = last.ended !== undefined ? ` (ended: ${last.ended})` : '';
  const time = `${formatDuration(forMs)}${limit === undefined || over !== '' ? '' : ` of ${formatDuration(limit)}`}`;
  const failed = verificationChecks(d, looks).filter(({ status }) => status === 'failed');
  return failed.length === 0
    ? `verified for ${time}: all well${over}`
    : `verified for ${time}, a finding: ${failed.map(({ title, detail }) => `${title}: ${detail}`).join('; ')}${over}`;
}
