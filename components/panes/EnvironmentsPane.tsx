import { safeText } from '../../src/domain/safe-text.ts';
import { useUi } from '../../store/hooks.ts';
import type { UiState } from '../../store/state.ts';
import {
  apartLines,
  driftLines,
  lockLines,
  placesLines,
  servingLines,
  underWayLines,
} from '../environments/summary.ts';
import { tableLines } from '../environments/table.ts';
import { windowOf, wrap } from '../fit.ts';
import { Lines } from '../Lines.tsx';
import { blank, type Line, span } from '../theme.ts';
import { heading, type PaneProps, section } from './pane.ts';
import { nothingYet } from './StagingPane.tsx';

/** Lines that the environment under the cursor keeps below the table, however many there are. */
const summaryRoom = 8;

/** All environments side by side, and what there is to say of the one under the cursor. Pure. */
export function environmentsLines(
  state: Pick<UiState, 'environments' | 'environment' | 'reports' | 'session'>,
  width: number,
  height: number,
): { lines: Line[]; selected: number } {
  const { environments, reports, session } = state;
  const at = Math.max(0, Math.min(session.cursors.environments, environments.length - 1));
  const now = reports.status === 'loaded' ? reports.at : session.now;
  const [head = blank, ...rows] = tableLines(state, { at, marked: session.markedPlace, now, width });
  const room = Math.max(3, height - 2 - Math.min(summaryRoom, Math.floor(height / 2)));
  const { from, to } = windowOf(rows.length, at, room);
  const top = [heading('Environments', [span(summed(state), 'quiet')], width), head, ...rows.slice(from, to)];
  return {
    lines: [...top, blank, ...summaryLines(state, at, now, width)].slice(0, height),
    selected: 2 + at - from,
  };
}

function summed({ environments, environment }: Pick<UiState, 'environments' | 'environment'>): string {
  const count = `${environments.length}`;
  return environment === undefined ? count : `${count} · * ${safeText(environment)} is worked on`;
}

function summaryLines(
  state: Pick<UiState, 'environments' | 'reports' | 'session'>,
  at: number,
  now: number,
  width: number,
): Line[] {
  const row = state.environments[at];
  if (!row) return [];
  const { reports } = state;
  const title = section(safeText(row.name), width);
  if (reports.status === 'failed')
    return [
      title,
      ...wrap(`✖ ${reports.problem.message}`, width).map((text) => [span(text, 'bad')]),
      ...wrap(`→ ${reports.problem.hint}`, width).map((text) => [span(text)]),
    ];
  const report =
    reports.status === 'loaded' ? reports.reports.find((r) => r.state.name === row.name) : undefined;
  if (!report) return [title, [span('being looked at …', 'quiet')]];
  return [
    title,
    ...underWayLines(report, now, width),
    ...servingLines(report, now, width),
    ...driftLines(report, width),
    ...lockLines(report, now, width),
    ...apartLines(report, width),
    ...placesLines(report, width),
  ];
}

/** The view of environments. */
export function EnvironmentsPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const { config, environments } = state;
  if (config.status === 'failed')
    return (
      <Lines
        lines={nothingYet('Environments', `${config.problem.message}. ${config.problem.hint}`, width)}
        width={width}
        height={height}
      />
    );
  if (environments.length === 0)
    return (
      <Lines
        lines={nothingYet('Environments', 'They are being read …', width)}
        width={width}
        height={height}
      />
    );
  const { lines, selected } = environmentsLines(state, width, height);
  return (
    <Lines
      lines={lines}
      width={width}
      height={height}
      selected={state.session.focus === 'main' ? selected : -1}
    />
  );
}
