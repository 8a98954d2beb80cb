import { safeText } from '../src/domain/safe-text.ts';
import { useUi } from '../store/hooks.ts';
import { otherViews, stageViews, type UiState } from '../store/state.ts';
import { fit } from './fit.ts';
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
    ...(row.deployed ? [[span(`  ${safeText(row.deployed.name)}`, 'quiet')]] : []),
    [span(`  ${safeText(row.url).replace(/^https?:\/\//, '')}`, 'quiet')],
  ];
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
  const name = (stage: string) => fit(`${stage.charAt(0).toUpperCase()}${stage.slice(1)}`, width - 5);
  const lines = [
    ...stageViews.map((stage, i) => entry(String(i + 1), name(stage), markOf(state, stage), view === stage)),
    blank,
    ...otherViews.map((other) => entry(other.charAt(0).toUpperCase(), name(other), nothing, view === other)),
  ];
  const below = environmentLines(state, width);
  const gap = height - lines.length - below.length;
  return gap < 1 ? lines : [...lines, ...Array.from({ length: gap }, () => blank), ...below];
}

/** The left column. */
export function StageList({ width, height }: { width: number; height: number }) {
  const state = useUi((s) => s);
  return <Lines lines={stageLines(state, width, height)} width={width} height={height} />;
}
