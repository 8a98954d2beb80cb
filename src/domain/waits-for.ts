import { actionWords } from './action.ts';
import { counted } from './counted.ts';
import type { Deployment } from './deployment.ts';
import { formatDuration } from './duration.ts';
import { effectText } from './effect-words.ts';
import type { Effect } from './effect.ts';
import { heldBack } from './judge-measure.ts';
import { judgedNow } from './judge-reading.ts';
import { copiesOf, startMs } from './plan.ts';
import { safeText } from './safe-text.ts';
import { shareWords } from './share-words.ts';
import { usualMs, type SuitePasts } from './suite-past.ts';
import { failingWords, testsHold } from './testing-verdict.ts';
import { suitesUnderWay } from './suites-under-way.ts';
import { openBefore } from './ticks.ts';

/** What a deployment waits for, as its journal tells it. */
export interface WaitsFor {
  kind: 'person' | 'suite' | 'action' | 'effect' | 'phase' | 'judge';
  /** Goes on from "it waits for"; safe to print. */
  what: string;
  since: string;
  /** How long that usually takes, milliseconds; absent where nothing is known. */
  usualMs?: number;
  /** After so long, in milliseconds, something is wrong, and why that is the limit. */
  limit?: { ms: number; why: string };
  /** Something is wrong whatever the time. */
  wrong?: string;
}

const second = 1000;
const minute = 60 * second;

/** What the conductor needs to notice that a time-out is over, on a busy machine. */
const graceMs = 30 * second;

/** As often as this it takes several times as long as usual before that says something. */
const muchLonger = 3;

/** Attempts of one effect from which on it is the same failure again and again. */
const manyAttempts = 3;

/** Readings that fail in a row, from which on nothing is known of the candidate. */
const manyBlindReadings = 3;

/** What the deployment waits for now; undefined when it is over. Pure. */
export function waitsFor(d: Deployment, now: Date, pasts: SuitePasts = {}): WaitsFor | undefined {
  switch (d.status.kind) {
    case 'finished':
      return undefined;
    case 'waiting':
      return person(goOn(d, d.status.after), endOf(d, d.status.after), d.plan.pauseTimeoutMs);
    case 'paused':
      return paused(d, d.status);
    case 'rolling_back':
    case 'concluding':
    case 'running':
      return d.effect ? doing(d, d.effect, now, pasts) : between(d);
    default:
      return d.status satisfies never;
  }
}

function person(what: string, since: string, ms: number): WaitsFor {
  const why = `nobody has answered for longer than ${formatDuration(ms)}`;
  return { kind: 'person', what: safeText(what, 500), since, limit: { ms, why } };
}

function goOn(d: Deployment, after: string): string {
  if (after !== 'testing') return 'a person to start the tests';
  if (testsHold(d)) return `a person, because ${failingWords(d)}`;
  const open = openBefore(d).length;
  return `a person to start the rollout${open > 0 ? `; ${counted(open, 'item')} of the checklist ${open === 1 ? 'is' : 'are'} open` : ''}`;
}

function endOf(d: Deployment, stage: keyof Deployment['stages']): string {
  const state = d.stages[stage];
  return 'finishedAt' in state ? state.finishedAt : d.updatedAt;
}

function paused(d: Deployment, status: { reason: string; since: string }): WaitsFor {
  if (d.approval?.kind === 'requested') {
    const { byAnother, timeoutMs } = d.plan.approval ?? {
      byAnother: false,
      timeoutMs: d.plan.pauseTimeoutMs,
    };
    const whose = byAnother ? 'another person’s' : 'a person’s';
    return person(`${whose} yes to all traffic`, d.approval.since, timeoutMs);
  }
  const about = d.held
    ? `to decide about the ${actionWords(d.held)}, which failed`
    : `to decide: ${status.reason}`;
  return person(`a person ${about}`, status.since, d.plan.pauseTimeoutMs);
}

/** No effect is under way: the next one begins within moments. */
function between(d: Deployment): WaitsFor {
  const why = 'the next step should have begun at once';
  return { kind: 'effect', what: 'the next step to begin', since: d.updatedAt, limit: { ms: graceMs, why } };
}

function doing(d: Deployment, effect: Effect, now: Date, pasts: SuitePasts): WaitsFor {
  const since = d.effectSince ?? d.updatedAt;
  if (effect.kind === 'observe')
    return watching(d, now) ?? { kind: 'phase', what: 'the watch to begin', since };
  if (effect.kind === 'run-suite') return suiteToEnd(d, now, pasts);
  if (effect.kind === 'act') {
    const { action } = effect;
    const tries = action.kind === 'dependency-check' ? action.tolerate + 1 : 1;
    const ms =
      (action.timeoutMs + (action.kind === 'dependency-check' ? action.intervalMs : 0)) * tries + graceMs;
    const why = `it may take ${formatDuration(ms - graceMs)}`;
    return { kind: 'action', what: effectText(effect, d.phases), since, limit: { ms, why } };
  }
  const attempt = Number(effect.id.slice(effect.id.lastIndexOf('/') + 1));
  const again = attempt > 1 && d.failure ? `, attempt ${attempt}; before: ${d.failure.message}` : '';
  const ms = longest(d, effect);
  return {
    kind: 'effect',
    what: safeText(`${effectText(effect, d.phases)}${again}`, 500),
    since,
    limit: { ms, why: `that should be done within ${formatDuration(ms)}` },
    ...(attempt >= manyAttempts ? { wrong: `it failed ${attempt - 1} times` } : {}),
  };
}

/** Of suites that run side by side, the one that has taken too long, else the one that began first; the others are named. */
function suiteToEnd(d: Deployment, now: Date, pasts: SuitePasts): WaitsFor {
  const all = suitesUnderWay(d).map(({ effect, since }) => {
    const { name, timeoutMs } = effect.suite;
    const past = Object.hasOwn(pasts, name) ? pasts[name] : undefined;
    const usual = past && usualMs(past);
    return { name, since: since === '' ? d.updatedAt : since, usual, limit: suiteLimit(timeoutMs, usual) };
  });
  const late = all.find(({ since, limit }) => now.getTime() - Date.parse(since) > limit.ms);
  const shown = late ?? all[0];
  if (!shown) return between(d);
  const others = all.flatMap(({ name }) => (name === shown.name ? [] : [name]));
  return {
    kind: 'suite',
    what: safeText(`suite ${shown.name}${others.length > 0 ? `, ${others.join(', ')} beside it` : ''}`, 200),
    since: shown.since,
    ...(shown.usual === undefined ? {} : { usualMs: shown.usual }),
    limit: shown.limit,
  };
}

function suiteLimit(timeoutMs: number, usual: number | undefined): { ms: number; why: string } {
  const timedOut = { ms: timeoutMs + graceMs, why: `its time-out of ${formatDuration(timeoutMs)} is over` };
  if (usual === undefined) return timedOut;
  const ms = Math.max(muchLonger * usual, usual + minute);
  return ms < timedOut.ms ? { ms, why: `it usually takes ${formatDuration(usual)}` } : timedOut;
}

/** The phase's own time, and after it what the judge misses. */
function watching(d: Deployment, now: Date): WaitsFor | undefined {
  const phase = d.phases[d.phase];
  if (phase?.weightAt === undefined) return undefined;
  const ends = Date.parse(phase.weightAt) + phase.bakeMs;
  const since = phase.weightAt;
  const usual = { usualMs: phase.bakeMs };
  const blind = d.measurementFailures >= manyBlindReadings;
  const wrong = blind ? { wrong: `${d.measurementFailures} readings in a row failed` } : {};
  if (now.getTime() < ends)
    return { kind: 'phase', what: `the watch at ${shareWords(phase)} to end`, since, ...usual, ...wrong };
  const last = d.samples.at(-1);
  const decision =
    last && Date.parse(last.at) >= ends ? (heldBack(d, now.toISOString()) ?? judgedNow(d)) : undefined;
  const misses =
    decision?.kind === 'wait' || decision?.verdict.kind === 'inconclusive'
      ? decision.verdict.reason
      : undefined;
  return {
    kind: 'judge',
    what: safeText(`the judge at ${shareWords(phase)}: ${misses ?? 'a new reading'}`, 500),
    since,
    ...usual,
    ...wrong,
    limit: {
      ms: phase.extendToMs + graceMs,
      why: `it should have ended or paused after ${formatDuration(phase.extendToMs)}`,
    },
  };
}

/** How long an effect that gives no word meanwhile may take before something is wrong, milliseconds. Installing and building have no limit of their own. */
function longest(d: Deployment, effect: Exclude<Effect, { kind: 'observe' | 'run-suite' | 'act' }>): number {
  const { service, estimates } = d.plan;
  switch (effect.kind) {
    case 'build-candidate':
      return 10 * minute;
    case 'prepare-candidate':
    case 'start-candidate':
    case 'ready-stable':
    case 'revive-stable':
    case 'scale':
      return startMs(copiesOf(service), service.health.timeoutMs) + 15 * minute;
    case 'restore-stable':
      return Math.max(minute, muchLonger * estimates.longestRollbackMs);
    case 'write-papers':
    case 'check-gates':
    case 'report-tests':
    case 'set-weight':
    case 'set-flag':
    case 'verify':
    case 'promote':
    case 'clean-up':
    case 'learn':
      return 2 * minute;
    default:
      return effect satisfies never;
  }
}
