import { actionWords, pointWords } from '../../src/domain/action.ts';
import { formatDuration } from '../../src/domain/duration.ts';
import type { Deployment, PhaseState } from '../../src/domain/deployment.ts';
import { phaseSides } from '../../src/domain/phase-sides.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { decisionWord } from '../deployment-text.ts';
import { wrap } from '../fit.ts';
import { field, section } from '../panes/pane.ts';
import { blank, type Line, span } from '../theme.ts';
import { sidesText } from './side-numbers.ts';

function watchedMs({ weightAt, startedAt, finishedAt }: PhaseState): number | undefined {
  const began = weightAt ?? startedAt;
  return began === undefined || finishedAt === undefined
    ? undefined
    : Math.max(0, Date.parse(finishedAt) - Date.parse(began));
}

function phaseLines(deployment: Deployment, phase: PhaseState, index: number, width: number): Line[] {
  if (phase.startedAt === undefined)
    return [field(safeText(phase.name, 24), [span('was not reached', 'quiet')], 15)];
  const ms = watchedMs(phase);
  const sides = phaseSides(deployment, index);
  const { decision } = phase;
  // Most names say the weight already.
  const weight = phase.name.includes(String(phase.weight)) ? '' : `${phase.weight} %`;
  const watched = ms === undefined ? '' : `watched ${formatDuration(ms)}`;
  const [word, tone] = decision ? decisionWord(decision) : (['not decided', 'quiet'] as const);
  const reason = decision ? `${word}: ${decision.verdict.reason}` : word;
  return [
    [
      span(safeText(phase.name, 40), 'plain', true),
      span(`  ${[weight, watched].filter(Boolean).join(', ')}`, 'quiet'),
    ],
    ...wrap(safeText(reason), width - 2).map((text): Line => [span(`  ${text}`, tone)]),
    ...(sides?.stable ? [[span('  stable     ', 'quiet'), span(sidesText(sides.stable))]] : []),
    ...(sides ? [[span('  candidate  ', 'quiet'), span(sidesText(sides.candidate))]] : []),
  ];
}

/** The phases of a past rollout with what was decided in each and why, then its checks and hooks. */
export function phasesLines(deployment: Deployment, width: number): Line[] {
  const { phases, actions, approval } = deployment;
  if (phases.every(({ startedAt }) => startedAt === undefined))
    return [[span('It ended before its rollout: no user met it.', 'quiet')]];
  return [
    ...phases.flatMap((phase, i) => [...(i > 0 ? [blank] : []), ...phaseLines(deployment, phase, i, width)]),
    ...(approval?.kind === 'given'
      ? [
          blank,
          ...(deployment.yeses ?? [{ by: approval.by, why: undefined }]).flatMap(({ by, why }) =>
            wrap(safeText(`approved by ${by.name}${why === undefined ? '' : `: ${why}`}`, 300), width).map(
              (text): Line => [span(text, 'ok')],
            ),
          ),
        ]
      : []),
    ...(actions.length > 0
      ? [
          blank,
          section('checks and hooks', width),
          ...actions.flatMap((action) =>
            wrap(
              safeText(
                `${action.status === 'passed' ? '✔' : '✖'} ${actionWords(action)} ${pointWords[action.point]}: ${action.detail}`,
              ),
              width,
            ).map((text): Line => [span(text, action.status === 'passed' ? 'ok' : 'bad')]),
          ),
        ]
      : []),
  ];
}
