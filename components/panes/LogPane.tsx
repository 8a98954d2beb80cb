import { useUi } from '../../store/hooks.ts';
import type { Events } from '../../store/event-log.ts';
import { groupWords, logPlace, logRows, type LogState } from '../../store/log.ts';
import type { Phase } from '../../src/domain/plan.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { clockOf, eventText } from '../deployment-text.ts';
import { windowOf } from '../fit.ts';
import { Lines } from '../Lines.tsx';
import { type Line, type Span, span } from '../theme.ts';
import { heading, type PaneProps } from './pane.ts';
import { nothingYet } from './StagingPane.tsx';

interface Shown {
  rows: Events;
  log: LogState;
  /** Of the deployment whose events they are. */
  phases: readonly Phase[] | undefined;
  deployment: string;
  /** How many events it has, listed or not. */
  count: number;
}

/** The events around the cursor, in their order, and what they are of. Pure. */
export function logLines(
  { rows, log, phases, deployment, count }: Shown,
  width: number,
  height: number,
): { lines: Line[]; selected: number } {
  const place = logPlace(rows, log.at);
  const newestFirst = log.order === 'newest-first';
  const at = newestFirst ? rows.length - 1 - place : place;
  const room = height - 1;
  // The newest stays at the edge while it is followed; elsewhere the cursor is in the middle.
  const { from, to } = windowOf(rows.length, at, room);
  const lines = Array.from({ length: to - from }, (_, i): Line => {
    const event = rows.at(newestFirst ? rows.length - 1 - (from + i) : from + i);
    if (!event) return [];
    const { text, tone } = eventText(event, phases);
    return [
      span(from + i === at ? '▸ ' : '  ', 'accent', true),
      span(`${String(event.seq).padStart(4)} ${clockOf(event.at)} `, 'quiet'),
      span(text, tone),
    ];
  });
  const said: Span[] = [
    ...(log.past
      ? [span('past ', 'warn')]
      : [span(log.at === undefined ? '▼ following ' : '‖ held ', log.at === undefined ? 'ok' : 'warn')]),
    span(`${safeText(deployment)} · ${countWords(rows.length, count, log)}`, 'quiet'),
  ];
  return { lines: [heading('Log', said, width), ...lines], selected: 1 + at - from };
}

function countWords(listed: number, count: number, { group }: LogState): string {
  const of = listed === count ? `${count} events` : `${listed} of ${count}`;
  return group === 'all' ? of : `${of}, ${groupWords[group][0]}`;
}

/** The events of the deployment that is shown, or of a past one that was opened. */
export function LogPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const { log, deployment, events, history, session } = state;
  const rows = logRows(state);
  const count = log.past?.count ?? events.at(-1)?.seq ?? 0;
  const past = history.status === 'loaded' ? history.rows[0] : undefined;
  if (count === 0)
    return (
      <Lines
        lines={nothingYet(
          'Log',
          `No deployment is under way. Its events appear here as they happen.${past ? ` p opens those of a past one; the last was ${safeText(past.id)}.` : ''}`,
          width,
        )}
        width={width}
        height={height}
      />
    );
  if (rows.length === 0)
    return (
      <Lines
        lines={nothingYet(
          'Log',
          `None of ${count} events is like that. esc shows all words, f chooses other events.`,
          width,
        )}
        width={width}
        height={height}
      />
    );
  const { lines, selected } = logLines(
    {
      rows,
      log,
      phases: log.past ? log.past.phases : deployment?.plan.phases,
      deployment: log.past?.id ?? deployment?.id ?? '',
      count,
    },
    width,
    height,
  );
  return (
    <Lines lines={lines} width={width} height={height} selected={session.focus === 'main' ? selected : -1} />
  );
}
