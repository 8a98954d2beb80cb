import { Box } from 'ink';
import { useMemo } from 'react';
import { safeText } from '../../src/domain/safe-text.ts';
import { queryFields } from '../../src/domain/history-query.ts';
import { historyQuery, historyRows } from '../../store/history-list.ts';
import { useUi } from '../../store/hooks.ts';
import type { UiState } from '../../store/state.ts';
import { ErrorCard } from '../ErrorCard.tsx';
import { HistoryTable } from '../history/HistoryTable.tsx';
import { windowOf } from '../fit.ts';
import { Lines } from '../Lines.tsx';
import { RowRegion } from '../mouse/RowRegion.tsx';
import { type Line, span } from '../theme.ts';
import { heading, type PaneProps } from './pane.ts';
import { nothingYet } from './StagingPane.tsx';

/** What may be typed to narrow the table, or what of it is not understood. */
export function searchHint(state: UiState): Line {
  const { problems } = historyQuery(state);
  if (problems.length > 0) return [span('! ', 'warn', true), span(safeText(problems.join('; ')), 'warn')];
  return [
    span('words, or ', 'quiet'),
    ...queryFields.flatMap((field) => [span(`${field}:`, 'accent'), span(' ')]),
  ];
}

function emptyAdvice(state: UiState): string {
  if (state.session.filter?.view === 'history') return 'No deployment contains that. esc shows all.';
  return 'No deployment has ended yet. Choose features in Selection (2), press n to build them, and go on with n from stage to stage: what becomes of it is kept here.';
}

/** Past deployments; only the rows in sight are drawn, however many there are. */
export function HistoryPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const { history, session } = state;
  const rows = historyRows(state);
  const cursor = Math.max(0, Math.min(session.cursors.history, rows.length - 1));
  const typing = session.filter?.view === 'history' && session.filter.typing;
  const { from, to } = windowOf(rows.length, cursor, height - (typing ? 3 : 2));
  const shown = useMemo(() => rows.slice(from, to), [rows, from, to]);
  if (history.status === 'failed')
    return <ErrorCard problem={history.problem} width={width} height={height} />;
  const marked = session.marked === undefined ? '' : `◆ ${session.marked} · `;
  const place =
    history.status === 'loading'
      ? 'reading …'
      : rows.length === 0
        ? ''
        : `${marked}${cursor + 1} of ${rows.length} · ${session.historyOrder}`;
  const top: Line[] = [
    heading('History', [span(place, 'quiet')], width),
    ...(typing ? [searchHint(state)] : []),
  ];
  if (rows.length === 0)
    return (
      <Lines
        lines={
          history.status === 'loading'
            ? top
            : [...top, ...nothingYet('History', emptyAdvice(state), width).slice(1)]
        }
        width={width}
        height={height}
      />
    );
  return (
    <Box flexDirection="column">
      <Lines lines={top} width={width} height={top.length} />
      <RowRegion above={1} count={shown.length} cursor={cursor - from}>
        <HistoryTable
          rows={shown}
          cursor={cursor - from}
          marked={session.marked}
          order={session.historyOrder}
          width={width}
        />
      </RowRegion>
    </Box>
  );
}
