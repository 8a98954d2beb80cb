import { Box } from 'ink';
import Spinner from 'ink-spinner';
import { useEffect } from 'react';
import type { Feature } from '../../src/domain/feature.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { setSession } from '../../store/create-store.ts';
import { openFeature } from '../../store/feature-tabs.ts';
import { useUi, useUiStore } from '../../store/hooks.ts';
import { type FeatureReading, type FeatureTab, featureTabs, type UiState } from '../../store/state.ts';
import { widthOf, wrap } from '../fit.ts';
import { Lines, LineText } from '../Lines.tsx';
import type { PaneProps } from '../panes/pane.ts';
import { blank, type Line, type Span, span } from '../theme.ts';
import { detailHeading, type DetailPlace } from './detail-heading.ts';
import { commitsLines } from './feature-commits.ts';
import { diffWindow, indexOf } from './feature-diff.ts';
import { cutStart, filesLines } from './feature-files.ts';
import { overviewLines } from './feature-overview.ts';

/** The tabs in a line, the one that is shown in brackets, each with how much it holds. */
export function tabLine(feature: Feature, open: FeatureTab, width: number): Line {
  const names: Record<FeatureTab, string> = {
    overview: 'overview',
    commits: `commits ${feature.commits.length}`,
    files: `files ${feature.files.length}`,
    diff: 'diff',
  };
  const spans = featureTabs.map((tab): Span =>
    tab === open ? span(`[${names[tab]}]`, 'accent', true) : span(` ${names[tab]} `, 'quiet'),
  );
  const room = width - spans.reduce((n, { text }) => n + widthOf(text), 0);
  return room >= spans.length * 2 ? spans.flatMap((s) => [s, span('  ')]) : spans;
}

/** What a tab draws below the line of tabs. */
interface Drawn {
  lines: readonly Line[];
  /** The line under the cursor. */
  selected?: number;
  /** Lines are drawn from here; how far they go. */
  from?: number;
  limit: number;
  page?: number;
  /** The line between the tabs and the rest, and whether something is being read. */
  status?: { line: Line; moving: boolean };
}

function scrolled(lines: readonly Line[], scroll: number, height: number): Drawn {
  const limit = Math.max(0, lines.length - height);
  return { lines, from: Math.min(scroll, limit), limit };
}

function diffDrawn(
  feature: Feature,
  { diff, commits }: FeatureReading,
  scroll: number,
  { width, height }: PaneProps,
): Drawn {
  const rows = diff.status === 'idle' ? [] : diff.rows;
  const reading = diff.status === 'idle' || diff.status === 'reading';
  if (rows.length === 0) {
    const said: Line[] =
      diff.status === 'failed'
        ? [
            ...wrap(`The diff cannot be read: ${diff.problem.message}`, width).map((t) => [span(t, 'bad')]),
            ...wrap(`→ ${diff.problem.hint}`, width).map((t) => [span(t, 'quiet')]),
          ]
        : [[span('It changes nothing that a diff would show.', 'quiet')]];
    return {
      lines: reading ? [] : said,
      limit: 0,
      status: {
        line: reading ? [span(' reading the diff; esc leaves it', 'quiet')] : blank,
        moving: reading,
      },
    };
  }
  const { digits, files } = indexOf(rows);
  const notes = commits.status === 'loaded' ? commits.notes : [];
  const seen = diffWindow(rows, scroll, { notes, digits, width }, height);
  const at = Math.min(scroll, seen.limit);
  const nth = files.filter((start) => start <= at).length;
  const row = rows[files[Math.max(0, nth - 1)] ?? 0];
  const path = row?.kind === 'file' ? row.path : safeText(feature.title);
  const counts = ` ${Math.max(1, nth)} of ${files.length}${reading ? ' so far' : ''}`;
  const line: Line = [
    span(`${reading ? ' ' : ''}${cutStart(path, width - widthOf(counts) - 3)}`, 'accent', true),
    span(counts, 'quiet'),
    ...(diff.status === 'failed' ? [span(`  ! broken off: ${diff.problem.message}`, 'warn')] : []),
  ];
  return { lines: seen.lines, limit: seen.limit, page: seen.page, status: { line, moving: reading } };
}

function drawn(state: UiState, feature: Feature, pane: PaneProps): Drawn {
  const { session, selection, discovery, reading } = state;
  const { width, height } = pane;
  if (discovery.status !== 'loaded') return { lines: [], limit: 0 };
  switch (session.tab) {
    case 'overview':
      return scrolled(
        overviewLines(feature, { discovery: discovery.discovery, selection }, width),
        session.scroll,
        height,
      );
    case 'commits':
      return scrolled(
        commitsLines(feature, reading?.commits ?? { status: 'idle' }, width),
        session.scroll,
        height,
      );
    case 'files':
      return { ...filesLines(feature, reading?.file ?? 0, pane), limit: 0 };
    case 'diff':
      return reading ? diffDrawn(feature, reading, session.scroll, pane) : { lines: [], limit: 0 };
    default:
      return session.tab satisfies never;
  }
}

/** Lines above a tab's own: the heading, the tabs, and one for what is being read. */
const above = 3;

interface FeatureDetailProps extends PaneProps {
  id: string;
  place?: DetailPlace;
}

/** A feature that stands open, one of its tabs below the line of tabs. */
export function FeatureDetail({ id, width, height, place = 'over' }: FeatureDetailProps) {
  const state = useUi((s) => s);
  const store = useUiStore();
  const feature = openFeature(state);
  const tab = feature ? drawn(state, feature, { width, height: Math.max(1, height - above) }) : undefined;
  const { limit = 0, page } = tab ?? {};
  useEffect(() => {
    const { scrollLimit, page: known } = store.getState().session;
    if (scrollLimit !== limit || known !== page) setSession(store, { scrollLimit: limit, page });
  }, [store, limit, page]);
  if (!feature || !tab)
    return (
      <Lines
        lines={[
          detailHeading(safeText(id), '', place, width),
          blank,
          [span('It no longer waits: it was shipped, or its commits changed.', 'quiet')],
        ]}
        width={width}
        height={height}
      />
    );
  const { scroll } = state.session;
  const at = limit > 0 ? `${Math.min(scroll, limit) + 1}/${limit + 1} · ` : '';
  const { status } = tab;
  const from = tab.from ?? 0;
  return (
    <Box flexDirection="column">
      <Lines
        lines={[
          detailHeading(safeText(feature.id), at, place, width),
          tabLine(feature, state.session.tab, width),
        ]}
        width={width}
        height={2}
      />
      <LineText
        {...(status?.moving ? { lead: <Spinner type="dots" /> } : {})}
        line={status?.line ?? blank}
        width={width}
      />
      <Lines
        lines={tab.lines.slice(from, from + height - above)}
        width={width}
        height={Math.max(1, height - above)}
        selected={tab.selected ?? -1}
      />
    </Box>
  );
}
