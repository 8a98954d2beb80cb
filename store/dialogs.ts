import { surenessText } from '../src/domain/chance.ts';
import type { Deployment } from '../src/domain/deployment.ts';
import { formatDuration } from '../src/domain/duration.ts';
import type { Version } from '../src/domain/event.ts';
import type { Draft, LockLook } from '../src/engine/orchestrator.ts';
import type { Phase, Plan } from '../src/domain/plan.ts';
import { phaseOfTraffic, shareWords } from '../src/domain/share-words.ts';
import { untilWords } from '../src/domain/scheduled.ts';
import { passingWords } from '../src/domain/testing-verdict.ts';
import { openBefore } from '../src/domain/ticks.ts';
import { isRollingOut } from './reasons.ts';
import type { Dialog } from './state.ts';

/** A version as people name it, its short sha beside it when the name is another. */
export function versionName(version: Version | null | undefined): string {
  if (!version) return 'nothing';
  const short = version.sha.slice(0, 7);
  return version.name.includes(short) ? version.name : `${version.name} (${short})`;
}

/** The version under trial, once it is built. */
export function candidateVersion(deployment: Deployment): Version | undefined {
  return deployment.candidate.kind === 'none' ? undefined : deployment.candidate.version;
}

/** Phases as a person reads them: `5 → 25 → 50 → 100 %`. */
export function phasesText(phases: readonly Phase[]): string {
  const plain = phases.every((p) => !p.cohort && p.flag === undefined);
  return plain ? `${phases.map((p) => p.weight).join(' → ')} %` : phases.map(shareWords).join(' → ');
}

/** How users come to the candidate. */
function arrival({ strategy, phases }: Plan): string {
  if (strategy === 'recreate')
    return 'Users are refused from the end of the old version to the start of the new one.';
  if (strategy === 'ab')
    return 'Some users get the candidate, until it is decided which version does better.';
  return phases[0]?.weight === 100
    ? 'All users reach the candidate at once.'
    : 'Users reach the candidate a little at a time.';
}

/** How much of the checklist is open; it is told, and holds nothing up. */
function checklistRow(deployment: Deployment): Dialog['rows'] {
  if (deployment.checklist.length === 0) return [];
  const open = openBefore(deployment).length;
  const all = deployment.checklist.filter(({ due }) => due === 'before').length;
  const value =
    open === 0 ? `all ${all} items before production are ticked` : `${open} of ${all} items are open`;
  return [{ label: 'checklist', value }];
}

/** Asks before the candidate gets its first user. */
export function rollOutDialog(deployment: Deployment): Dialog {
  const { plan, stable, risk } = deployment;
  return {
    title: 'Start the rollout?',
    rows: [
      { label: 'environment', value: deployment.environment },
      { label: 'from → to', value: `${versionName(stable)} → ${versionName(candidateVersion(deployment))}` },
      { label: 'strategy', value: `${plan.strategy}, ${phasesText(plan.phases)}` },
      {
        label: 'risk',
        value: `${plan.risk.toUpperCase()}${risk ? `, success ${surenessText(risk)}` : ''}`,
      },
      ...(deployment.suites.length > 0 ? [{ label: 'tests', value: passingWords(deployment) }] : []),
      ...checklistRow(deployment),
      { label: 'takes', value: `${formatDuration(plan.estimates.earliestPromotionMs)} at least` },
    ],
    effect: [
      stable
        ? `${arrival(plan)} It is taken back by itself when it hurts; r takes it back at once.`
        : 'Nothing serves here yet: the first version gets all traffic once it is healthy.',
      ...(plan.schedule ? ['While no window is open it waits for the next one, and goes on by itself.'] : []),
      ...plan.notes,
    ],
    yes: 'Start rollout',
    chosen: 'no',
    ...(plan.destructive?.length
      ? { word: 'destructive', intent: { kind: 'roll-out', id: deployment.id, allowDestructive: true } }
      : { intent: { kind: 'roll-out', id: deployment.id } }),
  };
}

/** Asks for the reason of an emergency before a rollout that waits for its time begins now. */
export function emergencyDialog(deployment: Deployment): Dialog {
  const { status } = deployment;
  const reason = status.kind === 'waiting' ? status.reason : undefined;
  const until = untilWords(deployment);
  return {
    title: 'Start now, as an EMERGENCY?',
    rows: [
      { label: 'environment', value: deployment.environment },
      {
        label: 'from → to',
        value: `${versionName(deployment.stable)} → ${versionName(candidateVersion(deployment))}`,
      },
      ...(until === undefined ? [] : [{ label: 'waits until', value: until }]),
      ...(reason === undefined ? [] : [{ label: 'because', value: reason }]),
    ],
    effect: [
      'Windows and freezes do not hold it up; tests and all other gates do. It is recorded, with your name and the reason.',
    ],
    yes: 'Start now',
    chosen: 'no',
    reason: true,
    intent: {
      kind: 'roll-out',
      id: deployment.id,
      emergency: true,
      ...(deployment.plan.destructive?.length ? { allowDestructive: true } : {}),
    },
  };
}

/** Asks before a deployment is given up: a rollout is taken back, a staged candidate abandoned. */
export function askAbortDialog(deployment: Deployment): Dialog {
  const rollingOut = isRollingOut(deployment);
  const candidate = versionName(candidateVersion(deployment));
  return {
    title: rollingOut ? 'Roll back?' : 'Abandon this candidate?',
    rows: [
      { label: 'environment', value: deployment.environment },
      { label: 'from → to', value: `${candidate} → ${versionName(deployment.stable)}` },
      { label: 'deployment', value: deployment.id },
    ],
    effect: rollingOut
      ? [...abortWords(deployment), `The deployment ends as rolled back.`]
      : ['Nothing was rolled out: users notice nothing. The environment is free for the next deployment.'],
    yes: rollingOut ? 'Roll back' : 'Abandon',
    chosen: 'no',
    intent: { kind: 'abort', id: deployment.id },
  };
}

/** Asks before the process is ended that conducts a deployment and does not answer. */
export function forceDialog(deployment: Deployment, what: string): Dialog {
  const asked = askAbortDialog(deployment);
  return {
    ...asked,
    title: 'End it by force?',
    effect: [
      `It waits for ${what}, in vain. Where there is no sign of life for some seconds more, exactly that process is ended; another one starts and takes everything back.`,
      ...asked.effect,
    ],
    yes: 'End by force',
    intent: { kind: 'abort', id: deployment.id, force: true },
  };
}

/** Asks before a candidate gets all traffic at this person's word. */
export function approveDialog(deployment: Deployment): Dialog {
  const { environment, stable, phases, phase, by, weight } = deployment;
  return {
    title: 'Approve all traffic?',
    rows: [
      { label: 'environment', value: environment },
      { label: 'from → to', value: `${versionName(stable)} → ${versionName(candidateVersion(deployment))}` },
      { label: 'deployment', value: `${deployment.id}, asked for by ${by.name}` },
      {
        label: 'so far',
        value: `${phases[phase]?.name ?? 'no phase yet'}, ${weight.actual} % of the traffic`,
      },
    ],
    effect: [
      'The candidate gets all traffic. It is taken back by itself when it hurts; r takes it back at once.',
    ],
    yes: 'Approve',
    chosen: 'no',
    intent: { kind: 'approve', id: deployment.id },
  };
}

/** Asks before an environment is freed that nobody stands behind. */
export function unlockDialog(environment: string, found: Exclude<LockLook, { kind: 'free' }>): Dialog {
  return {
    title: 'Unlock?',
    rows: [
      { label: 'environment', value: environment },
      ...(found.kind === 'held'
        ? [
            { label: 'locked by', value: `${found.owner}, since ${found.since}` },
            { label: 'deployment', value: found.deployment ?? 'none had begun' },
          ]
        : [{ label: 'problem', value: found.problem }]),
    ],
    effect: [
      'The process behind it is gone. Its deployment ends as halted; traffic stays where it is, and nothing is deleted.',
    ],
    yes: 'Unlock',
    chosen: 'no',
    intent: { kind: 'unlock', environment },
  };
}

function abortWords(deployment: Deployment): string[] {
  const { plan, weight, flag } = deployment;
  const cohort = deployment.phases[phaseOfTraffic(deployment)]?.cohort;
  const headed = cohort?.kind === 'header' ? cohort : undefined;
  const first = plan.flag && flag && flag.percent > 0 ? [`${plan.flag.flag} goes to 0 % first.`] : [];
  if (first.length > 0 && plan.flag?.rollback === 'keep')
    return [...first, 'The new version keeps serving where it is healthy without the feature.'];
  return [
    ...first,
    headed === undefined
      ? `The candidate's share of traffic goes from ${weight.actual} % to 0 % at once, then it is stopped.`
      : `Requests with ${headed.name}: ${headed.value} go back to stable at once, then the candidate is stopped.`,
  ];
}

/** Asks before an environment returns to an earlier version. */
export function rollBackDialog(draft: Draft): Dialog {
  const { source, plan } = draft;
  const version = source.kind === 'version' ? { sha: source.sha, name: source.ref } : source.base;
  const to = versionName('name' in version ? version : { sha: version.sha, name: version.ref });
  return {
    title: 'Roll back?',
    rows: [
      { label: 'environment', value: draft.environment },
      { label: 'from → to', value: `${versionName(draft.stable)} → ${to}` },
      { label: 'strategy', value: `${plan.strategy}, ${phasesText(plan.phases)}` },
    ],
    effect: [
      `A new deployment brings ${to} back.`,
      ...(draft.features.length > 0
        ? [
            `Users lose ${draft.features.length} feature${draft.features.length === 1 ? '' : 's'} that shipped since.`,
          ]
        : []),
      ...plan.notes,
    ],
    yes: 'Roll back',
    chosen: 'no',
    intent: { kind: 'roll-back', draft, version: to },
  };
}
