import { Box } from 'ink';
import type { Deployment, PhaseState } from '../../src/domain/deployment.ts';
import { formatDuration } from '../../src/domain/duration.ts';
import { heldBack } from '../../src/domain/judge-measure.ts';
import type { Event } from '../../src/domain/event.ts';
import { placeRows } from '../../src/domain/place-rows.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { type Counts, errorsOf, histogramOf, quantile, since } from '../../src/domain/sample.ts';
import { candidateVersion, versionName } from '../../store/dialogs.ts';
import { useUi } from '../../store/hooks.ts';
import type { UiState } from '../../store/state.ts';
import { clockOf, decisionWord, eventText, failureLines, verdictTone } from '../deployment-text.ts';
import { fit } from '../fit.ts';
import { Lines } from '../Lines.tsx';
import { StatusRow } from '../StatusRow.tsx';
import { blank, type Line, type Span, span } from '../theme.ts';
import { gauge, heading, type PaneProps, section } from './pane.ts';
import { nothingYet } from './StagingPane.tsx';

/** How far a phase is, 0 … 1, and what that means in words. */
export function phaseProgress(
  deployment: Deployment,
  index: number,
  now: number,
): { share: number; said: Span } {
  const phase = deployment.phases[index];
  if (!phase?.startedAt) return { share: 0, said: span('waits', 'quiet') };
  if (phase.finishedAt !== undefined) return { share: 1, said: span('✔ passed', 'ok') };
  if (phase.decision?.kind === 'roll_back' || phase.decision?.kind === 'pause') {
    const [word, tone] = decisionWord(phase.decision);
    return { share: share(phase, now), said: span(word, tone, true) };
  }
  if (deployment.status.kind === 'rolling_back' || deployment.status.kind === 'finished')
    return { share: share(phase, now), said: span('stopped', 'warn') };
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

function phaseLine(deployment: Deployment, index: number, now: number, width: number): Line {
  const phase = deployment.phases[index];
  if (!phase) return blank;
  const current = index === deployment.phase;
  const { share, said } = phaseProgress(deployment, index, now);
  const bar = Math.max(8, Math.min(40, width - 40));
  return [
    span(current ? '▸' : ' ', 'accent', true),
    span(fit(`${phase.weight} %`, 6, 'right'), 'plain', current),
    span(' '),
    span(gauge(share, bar), said.tone ?? 'plain'),
    span(' '),
    said,
  ];
}

const rateText = (counts: Counts) =>
  counts.requests === 0 ? '–' : `${((100 * errorsOf(counts)) / counts.requests).toFixed(2)} %`;

function latencyText(counts: Counts, q: number): string {
  const ms = quantile(histogramOf(counts), q);
  return ms === undefined ? '–' : ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** A side's numbers in one row. */
function sideLine(name: string, counts: Counts): Line {
  const errors = errorsOf(counts);
  return [
    span(fit(name, 10), 'plain', true),
    span(fit(counts.requests.toLocaleString('en'), 9, 'right')),
    span(fit(rateText(counts), 10, 'right'), errors > 0 ? 'warn' : 'ok'),
    ...[0.5, 0.95, 0.99].map((q) => span(fit(latencyText(counts, q), 9, 'right'))),
  ];
}

/** Stable beside the candidate: what both did since the phase took its traffic. */
export function comparisonLines(deployment: Deployment, width: number): Line[] {
  const last = deployment.samples.at(-1);
  const phase = deployment.phases[deployment.phase];
  if (!last || !phase) return [];
  const began = phase.weightAt ?? phase.startedAt ?? last.at;
  const before = deployment.samples.findLast((s) => s.at < began);
  const first = before ?? deployment.samples[0];
  const stable = last.stable ? since(first?.stable, last.stable) : undefined;
  const candidate = since(before?.candidate, last.candidate);
  const { verdict } = phase.decision ?? {};
  return [
    [
      span(
        `${fit('', 10)}${['requests', 'errors', 'p50', 'p95', 'p99'].map((h, i) => fit(h, [9, 10, 9, 9, 9][i] ?? 9, 'right')).join('')}`,
        'quiet',
      ),
    ],
    ...(stable ? [sideLine('stable', stable)] : []),
    sideLine('candidate', candidate),
    [
      span('health ', 'quiet'),
      span(
        `${last.health.healthy}/${last.health.total}`,
        last.health.healthy < last.health.total ? 'bad' : 'ok',
      ),
      span('  sample ', 'quiet'),
      span(`${Math.min(candidate.requests, phase.minimumSample)} of ${phase.minimumSample}`),
      ...(deployment.measurementFailures > 0
        ? [span(`  ! ${deployment.measurementFailures} readings failed`, 'warn')]
        : []),
    ],
    ...(verdict ? [[span(fit(`${verdict.kind}: ${safeText(verdict.reason)}`, width), 'quiet')]] : []),
  ];
}

/** The candidate in each place, a line each; none where there is only one. */
export function placeLines(deployment: Deployment, width: number): Line[] {
  return placeRows(deployment).map((row) => {
    const share = row.weight.actual === undefined ? '–' : `${Math.round(row.weight.actual)} %`;
    const errors = row.requests === 0 ? '–' : `${((100 * row.errors) / row.requests).toFixed(2)} %`;
    const p95 = row.p95 === undefined ? '–' : `${Math.round(row.p95)} ms`;
    return [
      span(fit(safeText(row.name), Math.max(10, Math.min(24, width - 40))), 'plain', row.moves),
      span(fit(share, 6, 'right'), 'accent'),
      span(fit(row.requests.toLocaleString('en'), 9, 'right')),
      span(fit(errors, 10, 'right'), row.errors > 0 ? 'warn' : 'ok'),
      span(fit(p95, 9, 'right')),
      ...(row.healthy === false ? [span(' unhealthy', 'bad')] : []),
    ];
  });
}

/** The plan's own measures, a line each: whether it decides, and what its newest reading means. */
export function measureLines({ plan, measures }: Deployment, width: number): Line[] {
  return (plan.measures ?? []).map(({ name, dryRun, business }) => {
    const verdict = measures.find((state) => state.name === name)?.last?.verdict;
    const kind = dryRun ? 'dry run' : business ? 'business' : 'decides';
    const said = verdict ? `${verdict.kind}: ${verdict.reason.replace(`${name}: `, '')}` : 'not read yet';
    return [
      span(fit(safeText(name), 16), 'plain', true),
      span(fit(kind, 10), 'quiet'),
      span(fit(safeText(said), Math.max(10, width - 26)), verdict ? verdictTone(verdict) : 'quiet'),
    ];
  });
}

const told = new Set<Event['type']>([
  'command.received',
  'effect.failed',
  'measurement.failed',
  'phase.decided',
  'phase.started',
  'weight.set',
  'deployment.paused',
  'deployment.resumed',
  'rollback.started',
  'promoted',
  'verified',
  'restored',
  'deployment.finished',
]);

/** The decisions and what led to them, newest first; looks that only say “go on watching” are left out. */
export function decisionLines(events: readonly Event[], room: number): Line[] {
  const lines: Line[] = [];
  for (let i = events.length - 1; i >= 0 && lines.length < room; i -= 1) {
    const event = events[i];
    if (!event || !told.has(event.type)) continue;
    if (event.type === 'phase.decided' && event.decision.kind === 'wait') continue;
    const { text, tone } = eventText(event);
    lines.push([span(`${clockOf(event.at)} `, 'quiet'), span(text, tone)]);
  }
  return lines;
}

function topLines(deployment: Deployment, state: UiState, width: number): Line[] {
  const { session, environments } = state;
  const { weight } = deployment;
  const traffic = environments.find((e) => e.name === deployment.environment)?.description;
  const bar = Math.max(8, Math.min(40, width - 40));
  return [
    [
      span(versionName(deployment.stable), 'plain'),
      span(' → ', 'quiet'),
      span(versionName(candidateVersion(deployment)), 'plain', true),
    ],
    ...(traffic ? [[span(safeText(traffic), 'quiet')]] : []),
    blank,
    [
      span(fit('traffic', 8), 'quiet'),
      span(gauge(weight.actual / 100, bar), 'accent'),
      span(` ${weight.actual.toFixed(weight.actual % 1 === 0 ? 0 : 1)} % `, 'plain', true),
      span(`wanted ${weight.wanted} %`, 'quiet'),
    ],
    ...deployment.phases.map((_, i) => phaseLine(deployment, i, session.now, width)),
  ];
}

/** The rollout: who gets which version, how both fare, and what was decided. */
export function ProductionPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const { deployment, events } = state;
  if (!deployment) {
    const row = state.environments.find((e) => e.name === state.environment);
    const serves = row?.deployed
      ? `${safeText(row.name)} serves ${versionName(row.deployed)} at ${safeText(row.url)}. r returns to the version before.`
      : 'Nothing is deployed here yet.';
    return (
      <Lines
        lines={[
          ...nothingYet('Production', `No rollout is under way. ${serves}`, width),
          ...(row?.description ? [blank, [span(safeText(row.description), 'quiet')]] : []),
        ]}
        width={width}
        height={height}
      />
    );
  }
  const numbers = comparisonLines(deployment, width);
  const measures = measureLines(deployment, width);
  const places = placeLines(deployment, width);
  const lines: Line[] = [
    ...topLines(deployment, state, width),
    ...(numbers.length > 0 ? [blank, ...numbers] : []),
    ...(places.length > 0 ? [section('candidate by place', width), ...places] : []),
    ...(measures.length > 0 ? [blank, ...measures] : []),
    ...(deployment.failure ? [blank, ...failureLines(deployment, width).slice(0, 3)] : []),
  ];
  const room = height - 2 - lines.length - 1;
  return (
    <Box flexDirection="column">
      <Lines
        lines={[
          heading('Production', [span(`${deployment.id} · ${deployment.plan.strategy}`, 'quiet')], width),
        ]}
        width={width}
        height={1}
      />
      <StatusRow deployment={deployment} width={width} />
      <Lines
        lines={[...lines, ...(room > 0 ? [section('decisions', width), ...decisionLines(events, room)] : [])]}
        width={width}
        height={height - 2}
      />
    </Box>
  );
}
