import { formatDuration } from '../../src/domain/duration.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { HistoryRow } from '../../src/domain/memory.ts';
import { rolloutSides } from '../../src/domain/phase-sides.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { stageMs } from '../../src/domain/stage-duration.ts';
import { culpritLines } from '../culprit-text.ts';
import { failureLines, outcomes, stageText } from '../deployment-text.ts';
import { wrap } from '../fit.ts';
import { field, section } from '../panes/pane.ts';
import { blank, type Line, span, type Tone } from '../theme.ts';
import { sidesText } from './side-numbers.ts';

const label = 13;

/** A value that may need more than a line, under its label. */
export function wrapped(name: string, text: string, width: number, tone: Tone = 'plain'): Line[] {
  return wrap(safeText(text), Math.max(10, width - label)).map((line, i) =>
    field(i === 0 ? name : '', [span(line, tone)], label),
  );
}

const stageTones: Readonly<Record<string, Tone>> = { passed: 'ok', failed: 'bad', skipped: 'quiet' };

function stageLines(deployment: Deployment, width: number): Line[] {
  return [
    section('stages', width),
    ...Object.entries(deployment.stages).flatMap(([stage, state]) => {
      const ms = stageMs(state);
      const said = `${stageText(state)}${ms === undefined ? '' : ` in ${formatDuration(ms)}`}`;
      const reason = 'reason' in state ? `: ${state.reason}` : '';
      return wrapped(stage, said + reason, width, stageTones[state.status] ?? 'plain');
    }),
  ];
}

/** `2026-11-21 21:26:23`, of a time as journals have it. */
const dayAndTime = (at: string) => at.slice(0, 19).replace('T', ' ');

/** What a row says by itself: shown at once, before its record is read; `chosen` is why it went by that strategy. */
export function rowLines(row: HistoryRow, width: number, chosen?: string): Line[] {
  const { text, mark, tone } = outcomes[row.outcome];
  return [
    field('outcome', [span(`${mark} ${text}`, tone, true)]),
    ...wrapped('because', row.reason, width),
    field('environment', safeText(row.environment)),
    ...wrapped('tried', row.candidate ?? 'nothing', width),
    ...wrapped('serves after', row.version ?? 'nothing', width),
    ...wrapped('strategy', chosen === undefined ? row.strategy : `${row.strategy}: ${chosen}`, width),
    ...(row.restOf === undefined ? [] : wrapped('the rest of', row.restOf, width)),
    ...(row.emergency === undefined ? [] : wrapped('EMERGENCY', row.emergency, width, 'bad')),
    field('asked by', safeText(row.by)),
    ...wrapped('started', `${dayAndTime(row.startedAt)} UTC, took ${formatDuration(row.durationMs)}`, width),
  ];
}

/** A past deployment at a glance. */
export function overviewLines(
  row: HistoryRow,
  deployment: Deployment,
  width: number,
  rest?: HistoryRow,
): Line[] {
  const { plan, risk, why } = deployment;
  const sides = rolloutSides(deployment);
  return [
    ...rowLines(row, width, plan.strategyReason),
    ...(why === undefined ? [] : wrapped('why', why, width)),
    ...(deployment.restOf?.without ?? []).flatMap(({ title, why: reason }, i) =>
      wrapped(i === 0 ? 'left out' : '', `${title}: ${reason}`, width),
    ),
    ...(rest ? wrapped('its rest', `${rest.id}: ${outcomes[rest.outcome].text}`, width) : []),
    ...(risk
      ? wrapped(
          'was thought',
          `${Math.round(risk.probability * 100)} % likely to go well (${Math.round(risk.interval[0] * 100)}–${Math.round(risk.interval[1] * 100)} %, n=${risk.n}), risk ${risk.level}`,
          width,
        )
      : []),
    ...(sides
      ? [
          ...(sides.stable ? wrapped('stable', sidesText(sides.stable), width) : []),
          ...wrapped('candidate', sidesText(sides.candidate), width),
        ]
      : []),
    ...(deployment.failure ? [blank, ...failureLines(deployment, width)] : []),
    ...(deployment.culprit ? [blank, ...culpritLines(deployment, width)] : []),
    blank,
    ...stageLines(deployment, width),
    ...(plan.notes.length > 0
      ? [
          blank,
          section('notes', width),
          ...plan.notes.flatMap((note) =>
            wrap(`! ${safeText(note)}`, width).map((line) => [span(line, 'warn')]),
          ),
        ]
      : []),
  ];
}
