import type { Deployment } from '../../domain/deployment.ts';
import { stages } from '../../domain/plan.ts';
import { outcomeNames } from './facts.ts';
import { shareSentence } from '../../domain/share-words.ts';
import { md } from '../../domain/markdown.ts';

export interface Moment {
  at: string;
  /** Markdown. */
  text: string;
}

/** What happened and when, oldest first, as far as the deployment's state remembers it. */
export function timelineOf(deployment: Deployment): Moment[] {
  const { by, status } = deployment;
  const moments: Moment[] = [
    {
      at: deployment.requestedAt,
      text: `Requested by ${md(by.name)} (${by.face})${deployment.why ? `: ${md(deployment.why)}` : ''}`,
    },
  ];
  for (const stage of stages) {
    const state = deployment.stages[stage];
    if (state.status === 'pending') continue;
    if (state.startedAt !== undefined && state.status !== 'skipped')
      moments.push({ at: state.startedAt, text: `Stage ${stage} began` });
    if (state.status !== 'active')
      moments.push({ at: state.finishedAt, text: `Stage ${stage} ${state.status}: ${md(state.reason)}` });
  }
  for (const phase of deployment.phases) {
    if (phase.startedAt !== undefined)
      moments.push({ at: phase.startedAt, text: `Phase ${md(phase.name)} began` });
    if (phase.weightAt !== undefined) moments.push({ at: phase.weightAt, text: shareSentence(phase) });
    if (phase.finishedAt !== undefined && phase.decision)
      moments.push({
        at: phase.finishedAt,
        text: `Phase ${md(phase.name)} ended: ${decisionNames[phase.decision.kind]} – ${md(phase.decision.verdict.reason)}`,
      });
  }
  if (status.kind === 'rolling_back')
    moments.push({ at: status.since, text: `Rollback began (${md(status.trigger)}): ${md(status.reason)}` });
  if (status.kind === 'finished')
    moments.push({ at: status.at, text: `Finished: ${outcomeNames[status.outcome]} – ${md(status.reason)}` });
  // Sorting is stable: what happened at the same instant stays in causal order.
  return moments.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

const decisionNames = {
  wait: 'still watching',
  continue: 'went on',
  pause: 'paused',
  roll_back: 'rolled back',
} as const;
