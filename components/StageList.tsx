import { safeText } from '../src/domain/safe-text.ts';
import { useUi } from '../store/hooks.ts';
import { otherViews, stageViews, type UiState, type View, views } from '../store/state.ts';
import { fit, widthOf, windowOf } from './fit.ts';
import { graphemes } from './graphemes.ts';
import { Lines } from './Lines.tsx';
import { blank, type Line, span, type Tone } from './theme.ts';

type Mark = readonly [mark: string, tone: Tone];

const nothing: Mark = [' ', 'plain'];

function markOf(state: UiState, stage: (typeof stageViews)[number]): Mark {
  const { deployment, discovery, selection } = state;
  if (!deployment) {
    if (stage === 'discovery')
      return discovery.status === 'loaded'
        ? ['✔', 'ok']
        : discovery.status === 'failed'
          ? ['✖', 'bad']
          : ['●', 'accent'];
    if (stage === 'selection' && discovery.status === 'loaded')
      return selection.proof.kind === 'refused' ? ['✖', 'bad'] : ['●', 'accent'];
    return nothing;
  }
  const { status } = deployment.stages[stage];
  switch (status) {
    case 'pending':
      return nothing;
    case 'active':
      return deployment.status.kind === 'finished' ? nothing : ['●', 'accent'];
    case 'passed':
      return ['✔', 'ok'];
    case 'failed':
      return ['✖', 'bad'];
    case 'skipped':
      return ['–', 'quiet'];
    default:
      return status satisfies never;
  }
}

/** What tells releases from each other is the end of their name: a long one loses its beginning. */
function endOf(name: string, width: number): string {
  if (widthOf(name) <= width) return name;
  let end = '';
  for (const { segment } of [...graphemes.segment(name)].toReversed()) {
    if (widthOf(end) + widthOf(segment) > width - 1) break;
    end = segment + end;
  }
  return `…${end}`;
}

function environmentLines(state: UiState, width: number): Line[] {
  const row = state.environments.find((e) => e.name === state.environment);
  if (!row || width < 10) return [];
  return [
    [span(` ${safeText(row.name)}`, 'plain', true)],
    row.serving
      ? [span('  ● ', 'ok'), span('serving')]
      : [
          span(row.deployed ? '  ✖ ' : '  ○ ', row.deployed ? 'bad' : 'quiet'),
          span(row.deployed ? 'down' : 'empty'),
        ],
    ...(row.deployed ? [[span(`  ${endOf(safeText(row.deployed.name), width - 2)}`, 'quiet')]] : []),
    [span(`  ${safeText(row.url).replace(/^https?:\/\//, '')}`, 'quiet')],
  ];
}

/** Which view each row of the column opens, a gap between stages and the rest; where it is too low, those around the open one. */
export function viewRows(open: View, height: number): readonly (View | undefined)[] {
  const rows = [...stageViews, undefined, ...otherViews];
  if (height >= rows.length) return rows;
  const { from, to } = windowOf(views.length, views.indexOf(open), height);
  return views.slice(from, to);
}

/** The six stages and how far each is, then the other views, then what serves. */
export function stageLines(state: UiState, width: number, height: number): Line[] {
  const { view, focus } = state.session;
  const entry = (key: string, label: string, [mark, tone]: Mark, open: boolean): Line => {
    const cursor = open ? (focus === 'stages' ? '▶' : '▸') : ' ';
    return [
      span(cursor, 'accent', true),
      span(`${key} `, open ? 'accent' : 'quiet'),
      span(mark, tone, true),
      span(width < 10 ? '' : ` ${label}`, 'plain', open),
    ];
  };
  const name = (view: View) => fit(`${view.charAt(0).toUpperCase()}${view.slice(1)}`, width - 5);
  const lines = viewRows(view, height).map((row): Line => {
    if (row === undefined) return blank;
    const stage = stageViews.find((s) => s === row);
    const key = stage ? String(stageViews.indexOf(stage) + 1) : row.charAt(0).toUpperCase();
    return entry(key, name(row), stage ? markOf(state, stage) : nothing, view === row);
  });
  const below = environmentLines(state, width);
  const gap = height - lines.length - below.length;
  return gap < 1 ? lines : [...lines, ...Array.from({ length: gap }, () => blank), ...below];
}

/** The left column. */
export function StageList({ width, height }: { width: number; height: number }) {
  const state = useUi((s) => s);
  return <Lines lines={stageLines(state, width, height)} width={width} height={height} />;
}
