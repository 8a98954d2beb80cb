import type { Deployment, PhaseState } from '../../src/domain/deployment.ts';
import { formatDuration } from '../../src/domain/duration.ts';
import { heldBack } from '../../src/domain/judge-measure.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { shareWords } from '../../src/domain/share-words.ts';
import { decisionWord } from '../deployment-text.ts';
import { fit, windowOf } from '../fit.ts';
import { gauge } from '../panes/pane.ts';
import { blank, type Line, type Span, span } from '../theme.ts';

/** How far a phase is, 0 … 1, and what that means in words. */
export function phaseProgress(
  deployment: Deployment,
  index: number,
  now: number,
): { share: number; said: Span } {
  const phase = deployment.phases[index];
  // What is over or being taken back does not come to its later phases any more.
  const over = ['rolling_back', 'concluding', 'finished'].includes(deployment.status.kind);
  if (!phase?.startedAt) return { share: 0, said: span(over ? 'not reached' : 'waits', 'quiet') };
  if (phase.finishedAt !== undefined) return { share: 1, said: span('✔ passed', 'ok') };
  if (phase.decision?.kind === 'roll_back' || phase.decision?.kind === 'pause') {
    const [word, tone] = decisionWord(phase.decision);
    return { share: share(phase, now), said: span(word, tone, true) };
  }
  if (deployment.status.kind === 'rolling_back' || deployment.status.kind === 'finished')
    return { share: share(phase, now), said: span('stopped', 'warn') };
  if (deployment.status.kind === 'paused' && index === deployment.phase) {
    const awaits = deployment.approval?.kind === 'requested' ? 'waits for a yes' : 'paused';
    return { share: phase.weightAt === undefined ? 0 : share(phase, now), said: span(awaits, 'warn', true) };
  }
  if (phase.weightAt === undefined) return { share: 0, said: span('moving traffic', 'accent') };
  const left = phase.bakeMs - (now - Date.parse(phase.weightAt));
  return left > 0
    ? {
        share: share(phase, now),
        said: span(`${formatDuration(Math.ceil(left / 1000) * 1000)} left`, 'accent'),
      }
    : { share: 1, said: span(`waits for ${awaited(deployment, now)}`, 'accent') };
}

/** What a phase whose time is over is watched on for: a measure that has not passed, else the sample. */
function awaited(deployment: Deployment, now: number): string {
  const rule = heldBack(deployment, new Date(now).toISOString())?.verdict.rule;
  return rule === undefined ? 'enough requests' : safeText(rule.replace('measure:', ''));
}

function share(phase: PhaseState, now: number): number {
  if (phase.weightAt === undefined || phase.bakeMs === 0) return phase.finishedAt === undefined ? 0 : 1;
  return Math.max(0, Math.min(1, (now - Date.parse(phase.weightAt)) / phase.bakeMs));
}

/** The widest share of the ladder, so that its bars begin below each other. */
const shareWidth = ({ phases }: Deployment) =>
  Math.max(6, ...phases.map((phase) => shareWords(phase).length));

function phaseLine(deployment: Deployment, index: number, now: number, width: number): Line {
  const phase = deployment.phases[index];
  if (!phase) return blank;
  const current = index === deployment.phase;
  const { share, said } = phaseProgress(deployment, index, now);
  const bar = Math.max(8, Math.min(40, width - 34 - shareWidth(deployment)));
  return [
    span(current ? '▸' : ' ', 'accent', true),
    span(fit(shareWords(phase), shareWidth(deployment), 'right'), 'plain', current),
    span(' '),
    span(gauge(share, bar), said.tone ?? 'plain'),
    span(' '),
    said,
  ];
}

/** The candidate's share of the traffic as the router says it, a mark where it should be, and what was asked for. */
export function trafficLine(deployment: Deployment, width: number): Line {
  const { wanted } = deployment.weight;
  const cohort = deployment.phases[deployment.phase]?.cohort;
  // Nobody sets how many requests carry a header.
  if (cohort?.kind === 'header' && wanted > 0)
    return [
      span(fit('traffic', 8), 'quiet'),
      span(safeText(`requests with ${cohort.name}: ${cohort.value}`), 'accent', true),
    ];
  const actual = actualWeight(deployment);
  const off = Math.abs(actual - wanted) > 0.5;
  const bar = Math.max(8, Math.min(40, width - 40));
  const drawn = gauge(actual / 100, bar);
  const mark = Math.min(bar - 1, Math.round((wanted / 100) * bar));
  return [
    span(fit('traffic', 8), 'quiet'),
    span(drawn.slice(0, mark), 'accent'),
    span(wanted > 0 && wanted < 100 ? '┃' : drawn.charAt(mark), off ? 'warn' : 'accent', true),
    span(drawn.slice(mark + 1), 'accent'),
    span(` ${percent(actual)} `, off ? 'warn' : 'plain', true),
    span(`wanted ${percent(wanted)}`, off ? 'warn' : 'quiet'),
  ];
}

/** The plan's feature flag as its service said last; nothing before it was touched. */
export function flagLines({ flag, plan }: Deployment): Line[] {
  if (!flag || !plan.flag) return [];
  return [
    [
      span(fit('flag', 8), 'quiet'),
      span(safeText(`${plan.flag.flag} at ${flag.percent} % of users`), 'accent', true),
    ],
  ];
}

/** What the router said last: at the newest reading, else when the weight was set. */
function actualWeight({ weight, samples, phases, phase, status }: Deployment): number {
  const last = samples.at(-1);
  const since = phases[phase]?.weightAt;
  return last && since !== undefined && last.at > since && status.kind !== 'finished'
    ? last.weight
    : weight.actual;
}

const percent = (weight: number) => `${weight.toFixed(weight % 1 === 0 ? 0 : 1)} %`;

/** The phases, a line each, as many as there is room for around the one under way. */
export function ladderLines(deployment: Deployment, now: number, width: number, room: number): Line[] {
  const { from, to } = windowOf(deployment.phases.length, Math.max(0, deployment.phase), room);
  return deployment.phases.slice(from, to).map((_, i) => phaseLine(deployment, from + i, now, width));
}
