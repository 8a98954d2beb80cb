import { counted } from '../../src/domain/counted.ts';
import Spinner from 'ink-spinner';
import { safeText } from '../../src/domain/safe-text.ts';
import type { Discovery, Feature } from '../../src/domain/feature.ts';
import { useUi } from '../../store/hooks.ts';
import { remember } from '../../store/remember.ts';
import { discoveryRows } from '../../store/rows.ts';
import type { UiState } from '../../store/state.ts';
import { ErrorCard } from '../ErrorCard.tsx';
import { bar, featureSummary, flagLetters, handle, probabilityTone, sizeText } from '../feature-text.ts';
import { fit, windowOf, wrap } from '../fit.ts';
import { Lines, LineText } from '../Lines.tsx';
import { blank, type Line, span } from '../theme.ts';
import { heading, type PaneProps, section } from './pane.ts';
import { inSentences } from '../../src/domain/in-sentences.ts';

/** Which columns there is room for; narrow screens keep the change, its handle, what it touches and its chance. */
const columnsFor = (width: number) => ({
  type: width >= 76 ? 9 : 0,
  lines: width >= 76 ? 12 : 0,
  more: width >= 96 ? 12 : 0,
});

const titleWidth = (width: number) => {
  const { type, lines, more } = columnsFor(width);
  return Math.max(8, width - 2 - type - 7 - 7 - lines - more - 4);
};

function row(feature: Feature, width: number, current: boolean, fresh: boolean): Line {
  const { type, lines, more } = columnsFor(width);
  const needs = feature.dependsOn.length;
  return [
    span(current ? '▸ ' : '  ', 'accent', true),
    span(fit(feature.type, type), 'quiet'),
    span(fresh ? 'new ' : '', 'accent', true),
    span(`${fit(safeText(feature.title), titleWidth(width) - (fresh ? 5 : 1))} `),
    span(`${handle(feature, 6)} `, 'accent'),
    flagLetters(feature),
    span(' '),
    span(lines > 0 ? `${sizeText(feature, lines - 1)} ` : ''),
    span(feature.risk.probability.toFixed(2), probabilityTone(feature)),
    ...(more > 0
      ? [span(` ${bar(feature.risk.probability)}`, 'quiet'), span(needs > 0 ? ` →${needs}` : '', 'quiet')]
      : []),
  ];
}

function columnHeads(width: number): string {
  const { type, lines } = columnsFor(width);
  return `  ${fit(type > 0 ? 'type' : '', type)}${fit('change', titleWidth(width) + 7)}${fit('flags', 7)}${lines > 0 ? `${fit('lines', lines - 1, 'right')} ` : ''}succ`;
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
    ...said.flatMap((note) => wrap(safeText(note), width).map((text) => [span(text)])),
  ];
}

/** How much waits; the same for every key that only moves the cursor. */
const amounts = remember((rows: readonly Feature[]) => ({
  files: new Set(rows.flatMap((f) => f.files.map((file) => file.path))).size,
  commits: rows.reduce((n, f) => n + f.commits.length, 0),
}));

/** The notes, the rows around the cursor and what is known of the one under it. */
export function discoveryLines(
  state: UiState,
  discovery: Discovery,
  { width, height }: PaneProps,
): { lines: Line[]; selected: number } {
  const rows = discoveryRows(state);
  const { files, commits } = amounts(rows);
  const top: Line[] = [
    heading(
      'Discovery',
      [
        span(
          [counted(rows.length, 'feature'), counted(commits, 'commit'), counted(files, 'file')].join(' · '),
          'quiet',
        ),
      ],
      width,
    ),
    ...(state.config.status === 'failed'
      ? [[span(`! ${inSentences(state.config.problem)}`, 'warn')] satisfies Line]
      : []),
    ...discovery.notes.slice(0, 2).map((note): Line => [span(`! ${safeText(note)}`, 'warn')]),
  ];
  if (rows.length === 0)
    return {
      lines: [
        ...top.slice(0, state.config.status === 'failed' ? 2 : 1),
        blank,
        ...empty(discovery, state.session.filter?.view === 'discovery', width),
      ],
      selected: -1,
    };
  const cursor = Math.min(state.session.cursors.discovery, rows.length - 1);
  const below = height >= 16 ? Math.max(6, Math.min(12, Math.floor(height / 3))) : 0;
  const room = Math.max(1, height - top.length - 1 - below);
  const { from, to } = windowOf(rows.length, cursor, room);
  const columns: Line = [span(columnHeads(width), 'quiet')];
  const lines: Line[] = [
    ...top,
    columns,
    ...rows
      .slice(from, to)
      .map((feature, i) => row(feature, width, from + i === cursor, state.selection.fresh.has(feature.id))),
  ];
  const current = rows[cursor];
  if (below > 0 && current) {
    while (lines.length < height - below) lines.push(blank);
    lines.push(
      section(`${cursor + 1} of ${rows.length}`, width),
      ...featureSummary(current, width).slice(0, below - 1),
    );
  }
  return { lines, selected: top.length + 1 + cursor - from };
}

/** What waits on the development branch. */
export function DiscoveryPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const { discovery, session } = state;
  switch (discovery.status) {
    case 'loading':
      return (
        <LineText
          lead={<Spinner type="dots" />}
          line={[span(' Looking at what waits to be shipped …', 'quiet')]}
          width={width}
        />
      );
    case 'failed':
      return <ErrorCard problem={discovery.problem} width={width} height={height} />;
    case 'loaded': {
      const { lines, selected } = discoveryLines(state, discovery.discovery, { width, height });
      return (
        <Lines
          lines={lines}
          width={width}
          height={height}
          selected={session.focus === 'main' ? selected : -1}
        />
      );
    }
    default:
      return discovery satisfies never;
  }
}
