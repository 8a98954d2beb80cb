import { counted } from '../../src/domain/counted.ts';
import type { Discovery, Feature } from '../../src/domain/feature.ts';
import { inSentences } from '../../src/domain/in-sentences.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { discoveryRows } from '../../store/rows.ts';
import { waitingIn } from '../../store/selection/totals.ts';
import type { UiState } from '../../store/state.ts';
import { featureSummary, flagLegend } from '../feature-text.ts';
import { windowOf, wrap } from '../fit.ts';
import { heading, type PaneProps, sectionWith } from '../panes/pane.ts';
import { blank, type Line, span } from '../theme.ts';
import { columnHeads, discoveryRow } from './row.ts';
import { warmStartLine } from './warm-start-line.ts';

interface Counts {
  commits: number;
  files: number;
}

const counts = new WeakMap<readonly Feature[], Counts>();

/** Commits and different files of the rows; made once for them, not at every key. */
function countsOf(rows: readonly Feature[]): Counts {
  const known = counts.get(rows);
  if (known) return known;
  const paths = new Set<string>();
  let commits = 0;
  for (const feature of rows) {
    commits += feature.commits.length;
    for (const { path } of feature.files) paths.add(path);
  }
  const found = { commits, files: paths.size };
  counts.set(rows, found);
  return found;
}

function headLine(state: UiState, discovery: Discovery, rows: readonly Feature[], width: number): Line {
  const { session } = state;
  const { commits, files } = countsOf(rows);
  const all = waitingIn(discovery);
  const features = counted(rows.length, 'feature') + (rows.length < all ? ` of ${all}` : '');
  const facts = [features, counted(commits, 'commit'), counted(files, 'file')].join(' · ');
  const order = session.sort === 'oldest' && width < 70 ? '' : `${session.sort} first · `;
  return heading('Discovery', [span(`${order}${facts}`, 'quiet')], width);
}

function empty(discovery: Discovery, filtered: boolean, width: number): Line[] {
  if (filtered) return [[span('No feature contains that. esc shows all.', 'quiet')]];
  const said =
    discovery.notes.length > 0
      ? discovery.notes
      : [
          `${discovery.head.ref} holds nothing that ${discovery.base.ref} does not. Commit something, then press u.`,
        ];
  return [
    [span('Nothing waits to be shipped', 'plain', true)],
    blank,
    ...said.flatMap((note) => wrap(safeText(note), width).map((text): Line => [span(text)])),
    blank,
    [span('u looks again.', 'quiet')],
  ];
}

/** The notes that there is room for, and how to read the rest. */
function noteLines({ notes }: Discovery, most: number): Line[] {
  const shown = notes.length > most ? notes.slice(0, most - 1) : notes;
  const more = notes.length - shown.length;
  return [
    ...shown.map((note): Line => [span(`! ${safeText(note)}`, 'warn')]),
    ...(more > 0 ? [[span(`! ${counted(more, 'more note')}: N reads them all`, 'warn')]] : []),
  ];
}

/** The notes, the rows around the cursor and what is known of the one under it. */
export function discoveryLines(
  state: UiState,
  discovery: Discovery,
  { width, height }: PaneProps,
): { lines: Line[]; selected: number } {
  const rows = discoveryRows(state);
  const head: Line[] = [
    headLine(state, discovery, rows, width),
    ...(state.config.status === 'failed'
      ? [[span(`! ${inSentences(state.config.problem)}`, 'warn')] satisfies Line]
      : []),
  ];
  if (rows.length === 0)
    return {
      lines: [...head, blank, ...empty(discovery, state.session.filter?.view === 'discovery', width)],
      selected: -1,
    };
  const top = [...head, ...noteLines(discovery, height >= 30 ? 4 : 2), ...warmStartLine(state)];
  const cursor = Math.min(state.session.cursors.discovery, rows.length - 1);
  const below = height >= 16 ? Math.max(6, Math.min(12, Math.floor(height / 3))) : 0;
  const room = Math.max(1, height - top.length - 1 - below);
  const { from, to } = windowOf(rows.length, cursor, room);
  const lines: Line[] = [
    ...top,
    columnHeads(width),
    ...rows
      .slice(from, to)
      .map((feature, i) =>
        discoveryRow(feature, width, from + i === cursor, state.selection.fresh.has(feature.id)),
      ),
  ];
  const current = rows[cursor];
  if (below > 0 && current) {
    while (lines.length < height - below) lines.push(blank);
    lines.push(
      sectionWith(`${cursor + 1} of ${rows.length}`, flagLegend, width),
      ...featureSummary(current, width).slice(0, below - 1),
    );
  }
  return { lines, selected: top.length + 1 + cursor - from };
}
