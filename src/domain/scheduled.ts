import type { Deployment } from './deployment.ts';
import type { EventBody } from './event.ts';
import { type GateResult, stopping } from './gate.ts';
import { instantWords } from './instant-words.ts';
import { goesThrough } from './next-effect.ts';

type Waiting = Extract<EventBody, { type: 'deployment.waiting' }>;

/** The zone in which a deployment's moments are told. */
export function zoneOfPlan({ schedule }: Deployment['plan']): string {
  return schedule?.timeZone ?? 'UTC';
}

/** A deployment that was asked to begin its rollout later waits once its tests are done; undefined where it does not. */
export function waitsForItsTime(d: Deployment, now: Date): Waiting | undefined {
  if (d.start?.kind !== 'at' || d.emergency || !goesThrough(d, 'production')) return undefined;
  if (now.getTime() >= Date.parse(d.start.at)) return undefined;
  return {
    type: 'deployment.waiting',
    after: 'testing',
    until: d.start.at,
    reason: `it was asked to start at ${instantWords(d.start.at, zoneOfPlan(d.plan))}`,
  };
}

/**
 * A deployment that may wait does so where nothing but time is in its way: every gate that stops it says when it will hold.
 * Undefined where it does not wait.
 */
export function waitsForItsGates(d: Deployment, results: readonly GateResult[]): Waiting | undefined {
  if (d.start === undefined || d.emergency) return undefined;
  const opens = stopping(results).map(({ opensAt }) => opensAt);
  if (opens.length === 0 || opens.includes(undefined)) return undefined;
  const until = opens.reduce((latest, at) => (Date.parse(at ?? '') > Date.parse(latest ?? '') ? at : latest));
  if (until === undefined) return undefined;
  return { type: 'deployment.waiting', after: 'testing', until, reason: reasonOf(results) };
}

/** Which gates it waits for, and what they found: `window: closed; it opens …`. */
function reasonOf(results: readonly GateResult[]): string {
  return stopping(results)
    .map(({ id, detail }) => `${id}: ${detail}`)
    .join('; ');
}

/** The time that a deployment waits for has come: all its gates are looked at again. Nothing before that. */
export function itsTimeHasCome(d: Deployment, now: Date): EventBody[] {
  if (d.status.kind !== 'waiting' || d.status.until === undefined) return [];
  if (now.getTime() < Date.parse(d.status.until)) return [];
  return [
    {
      type: 'deployment.resumed',
      reason: `its time has come: ${instantWords(d.status.until, zoneOfPlan(d.plan))}`,
    },
  ];
}

/** What a deployment's rollout waits for: `Mon 23 Nov 2026 09:00 (Europe/Berlin)`; undefined where that is not time. Pure. */
export function untilWords(d: Pick<Deployment, 'status' | 'plan'>): string | undefined {
  return d.status.kind === 'waiting' && d.status.until !== undefined
    ? instantWords(d.status.until, zoneOfPlan(d.plan))
    : undefined;
}
