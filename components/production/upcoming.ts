import { missingWords, missingYeses } from '../../src/domain/approvals.ts';
import { actionWords } from '../../src/domain/action.ts';
import type { Deployment, PhaseState } from '../../src/domain/deployment.ts';
import { formatDuration } from '../../src/domain/duration.ts';
import { heldBack } from '../../src/domain/judge-measure.ts';
import { judgedNow } from '../../src/domain/judge-reading.ts';
import { shareWords } from '../../src/domain/share-words.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { versionName } from '../../store/dialogs.ts';
import { clockOf, forReader } from '../deployment-text.ts';

/** What happens next and when, and what it hangs on: a sentence or two, the first the one that counts. Times are UTC, as in the log. */
export function upcoming(d: Deployment, now: number): string[] {
  const { status } = d;
  const phase = d.phases[d.phase];
  switch (status.kind) {
    case 'rolling_back':
      return [
        ...(d.plan.flag && d.flag && d.flag.percent > 0
          ? [`${safeText(d.plan.flag.flag)} goes to 0 % first.`]
          : []),
        `All traffic goes back to ${versionName(d.stable)}; then the candidate is stopped.`,
      ];
    case 'paused':
      return paused(d, Date.parse(status.since), now);
    case 'running':
      return phase?.weightAt !== undefined && phase.finishedAt === undefined ? watched(d, phase, now) : [];
    case 'waiting':
      return waitingForTime(d, now);
    case 'concluding':
    case 'finished':
      return [];
    default:
      return status satisfies never;
  }
}

const inSentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

/** What it waits for, until when, and how a person may start it sooner. */
function waitingForTime(d: Deployment, now: number): string[] {
  if (d.status.kind !== 'waiting' || d.status.until === undefined) return [];
  const left = Date.parse(d.status.until) - now;
  const approves =
    d.plan.approval && missingYeses(d, new Date(now)) > 0
      ? [`${safeText(inSentence(missingWords(d, new Date(now))))}; P says yes already now.`]
      : [];
  return [
    `Waits until ${forReader(d, d.status.until)}${left > 0 ? `, in ${rounded(left)}` : ''}, and goes on by itself then.`,
    `Because: ${safeText(d.status.reason ?? 'it was asked to')}`,
    'n looks at its gates now and starts it where they hold, ! starts it as an emergency, a abandons it.',
    ...approves,
  ];
}

function paused(d: Deployment, since: number, now: number): string[] {
  const until = (timeoutMs: number) => {
    const left = since + timeoutMs - now;
    return left > 0 ? `until ${timeOf(since + timeoutMs)}, in ${rounded(left)}` : 'now';
  };
  if (d.approval?.kind === 'requested') {
    const { byAnother, timeoutMs, before } = d.plan.approval ?? { byAnother: false, timeoutMs: 0 };
    const to = before === 'rollout' ? 'the rollout' : 'all traffic';
    return [
      `Waits for ${byAnother ? 'another person’s' : 'a person’s'} yes to ${to} ${until(timeoutMs)}; without it, it is rolled back.`,
      ...(d.plan.approval?.by || (d.plan.approval?.count ?? 1) > 1
        ? [`${safeText(inSentence(missingWords(d, new Date(now))))}.`]
        : []),
    ];
  }
  if (d.held)
    return [
      `The ${safeText(actionWords(d.held))} failed, and a person decides: t tries it again, P goes on without it, r takes it back.`,
      ...(d.unattended ? [`Nobody watches: it is rolled back ${until(d.plan.pauseTimeoutMs)}.`] : []),
    ];
  const phase = d.phases[d.phase];
  const at = phase ? shareWords(phase) : `${d.weight.wanted} %`;
  return [
    phase?.asks && phase.decision?.verdict.rule === 'asks'
      ? `Compares on at ${at} until a person chooses: P goes on to all traffic, p compares for as long again, r takes it back.`
      : `Stays at ${at} and is watched on until a person says: p goes on, r takes it back.`,
    ...(d.unattended ? [`Nobody watches: it is rolled back ${until(d.plan.pauseTimeoutMs)}.`] : []),
  ];
}

function watched(d: Deployment, phase: PhaseState, now: number): string[] {
  const ends = Date.parse(phase.weightAt ?? '') + phase.bakeMs;
  const then = phase.asks ? 'a person chooses' : step(d, d.phase + 1);
  if (now < ends) {
    const gate = phase.judged
      ? `if at most ${d.plan.triggers.errorRate} % of ${phase.minimumSample} requests or more fail and it stays healthy`
      : 'if it stays healthy';
    return [`At ${timeOf(ends)}, in ${rounded(ends - now)}: ${then}, ${gate}.`, ...later(d, ends)];
  }
  const pauses = Date.parse(phase.weightAt ?? '') + phase.extendToMs;
  return [
    `Next: ${then}. It waits: ${waitsFor(d, phase, now)}.`,
    ...(pauses > now
      ? [`Without that it ${phase.judged ? 'pauses for a person' : 'is rolled back'} at ${timeOf(pauses)}.`]
      : []),
  ];
}

/** What the judge says at this moment of a phase whose time is over. */
function waitsFor(d: Deployment, phase: PhaseState, now: number): string {
  const last = d.samples.at(-1);
  if (!last || Date.parse(last.at) < Date.parse(phase.weightAt ?? '') + phase.bakeMs) return 'a new reading';
  const decision = heldBack(d, new Date(now).toISOString()) ?? judgedNow(d);
  return decision ? safeText(decision.verdict.reason) : 'a new reading';
}

/** The steps after the next, at the earliest; nothing when there are none. */
function later(d: Deployment, ends: number): string[] {
  const steps: string[] = [];
  let at = ends;
  for (let i = d.phase + 1; i < d.phases.length; i += 1) {
    at += d.phases[i]?.bakeMs ?? 0;
    steps.push(`${step(d, i + 1)} ${timeOf(at)}`);
  }
  return steps.length > 0 ? [`Then at the earliest: ${steps.join(' · ')}.`] : [];
}

/** What the phase with this index does, in few words; after the last one the candidate is stable. */
function step(d: Deployment, index: number): string {
  const phase = d.phases[index];
  if (!phase) return 'it becomes stable';
  const asks = phase.weight === 100 && d.plan.approval !== undefined && d.approval?.kind !== 'given';
  return `${asks ? 'a person’s yes, then ' : ''}${shareWords(phase)}`;
}

const timeOf = (ms: number) => clockOf(new Date(ms).toISOString());

const rounded = (ms: number) => formatDuration(Math.ceil(ms / 1000) * 1000);
