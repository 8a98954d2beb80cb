import type { Deployment, StageState } from '../../../domain/deployment.ts';
import { formatDuration } from '../../../domain/duration.ts';
import { md, table } from '../../../domain/markdown.ts';
import { instant, leftWords, schedule } from '../facts.ts';

const clock = (at: string): string => instant(at).slice(11);

interface Row {
  step: string;
  planned: string;
  actual: string;
  state: string;
}

function stageRow(step: string, planned: string, state: StageState): Row {
  switch (state.status) {
    case 'pending':
      return { step, planned, actual: '–', state: 'open' };
    case 'active':
      return { step, planned, actual: `since ${clock(state.startedAt)}`, state: '**under way**' };
    default: {
      const took =
        state.startedAt === undefined || state.status === 'skipped'
          ? ''
          : `, ${formatDuration(Math.max(0, Date.parse(state.finishedAt) - Date.parse(state.startedAt)))}`;
      return { step, planned, actual: `${clock(state.finishedAt)}${took}`, state: state.status };
    }
  }
}

/** Each step with what was planned for it and what came of it. Times of day are of the day it was asked for, in UTC. */
export function timelineSection(d: Deployment): string {
  const { plan, stages } = d;
  const begin = d.phases.find(({ startedAt }) => startedAt !== undefined)?.startedAt;
  const after = (ms: number): string =>
    begin === undefined
      ? ms === 0
        ? 'with the rollout'
        : `+${formatDuration(ms)}`
      : clock(new Date(Date.parse(begin) + ms).toISOString());
  const left = leftWords(d);
  const tests = plan.suites.reduce((sum, { timeoutMs }) => sum + timeoutMs, 0);
  const phases = schedule(d).map(({ name, fromMs, toMs }, i): Row => {
    const phase = d.phases[i];
    const planned = `${after(fromMs)} to ${after(toMs)} at the earliest`;
    const step = `Phase ${md(name)}`;
    if (phase?.startedAt === undefined)
      return { step, planned, actual: '–', state: d.status.kind === 'finished' ? 'not reached' : 'open' };
    if (phase.finishedAt === undefined)
      return left === undefined
        ? { step, planned, actual: `since ${clock(phase.startedAt)}`, state: '**under way**' }
        : {
            step,
            planned,
            actual: `${clock(phase.startedAt)} to ${clock(d.concludedAt ?? d.updatedAt)}`,
            state: left,
          };
    const bad = phase.decision?.kind === 'roll_back';
    return {
      step,
      planned,
      actual: `${clock(phase.startedAt)} to ${clock(phase.finishedAt)}`,
      state: bad ? '**taken back**' : 'passed',
    };
  });
  const { verification } = plan;
  const rows: Row[] = [
    { step: 'Asked for', planned: '–', actual: clock(d.requestedAt), state: 'done' },
    stageRow('Staging: candidate and papers', 'at once', stages.staging),
    stageRow('Testing', tests === 0 ? 'no suite' : `${formatDuration(tests)} at most`, stages.testing),
    stageRow(
      'Production',
      `${formatDuration(plan.estimates.earliestPromotionMs)} at the earliest${plan.timeoutMs === undefined ? '' : `, ${formatDuration(plan.timeoutMs)} at most`}`,
      stages.production,
    ),
    ...phases,
    ...(verification
      ? [
          {
            step: 'Verification by Orchestra',
            planned: `${formatDuration(verification.soonMs)} closely, then until ${formatDuration(verification.laterMs)}`,
            actual: '–',
            state:
              d.status.kind === 'finished' && d.status.outcome === 'succeeded'
                ? 'see `VERIFICATION.md`'
                : d.status.kind === 'finished'
                  ? 'not reached'
                  : 'open',
          },
        ]
      : []),
  ];
  return table(
    ['Step', 'Planned', 'Actual', 'State'],
    rows.map(({ step, planned, actual, state }) => [step, planned, actual, state]),
  );
}
