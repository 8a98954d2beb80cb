import { Box } from 'ink';
import Spinner from 'ink-spinner';
import type { Discovery, Feature, Risk } from '../../src/domain/feature.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { useUi } from '../../store/hooks.ts';
import { buckets, selectionRows } from '../../store/rows.ts';
import { broughtBy, totals } from '../../store/selection.ts';
import type { ProofState, UiState } from '../../store/state.ts';
import {
  bar,
  featureSummary,
  flagLetters,
  handle,
  probabilityText,
  probabilityTone,
  sizeText,
} from '../feature-text.ts';
import { fit, windowOf, wrap } from '../fit.ts';
import { Lines, LineText } from '../Lines.tsx';
import { blank, type Line, span } from '../theme.ts';
import { DiscoveryPane } from './DiscoveryPane.tsx';
import { heading, type PaneProps, section } from './pane.ts';

const strategyWords = {
  recommended: 'all recommended',
  critical: 'critical only',
  custom: 'custom',
} as const;

function row(feature: Feature, state: UiState, width: number, current: boolean): Line {
  const { wanted, closed } = state.selection;
  const chosen = wanted.includes(feature.id);
  const along = !chosen && closed?.selected.includes(feature.id) === true;
  const wide = width >= 76;
  const fixed = 2 + 4 + 7 + 5 + 6 + (wide ? 19 : 0);
  return [
    span(current ? '▸ ' : '  ', 'accent', true),
    span(chosen ? '[x] ' : along ? '[+] ' : '[ ] ', chosen || along ? 'ok' : 'quiet', chosen),
    span(fit(safeText(feature.title), width - fixed), chosen || along ? 'plain' : 'quiet'),
    span(`${handle(feature, 6)} `, 'accent'),
    span(`${feature.risk.probability.toFixed(2)} `, probabilityTone(feature)),
    span(`${bar(feature.risk.probability)} `, 'quiet'),
    ...(wide ? [span(`${sizeText(feature, 12)} `), flagLetters(feature)] : []),
  ];
}

/** What shipping all of it amounts to, before the one feature that weighs most. */
function together(risk: Risk): Line {
  return [
    span('together ', 'quiet'),
    span(`${risk.level.toUpperCase()} RISK`, probabilityTone({ risk }), true),
    span(` success ${probabilityText({ risk })}  `),
  ];
}

/** What is known of whether the selection can stand alone on the base. */
export function proofLine(proof: ProofState): Line {
  const needs =
    'needs' in proof && proof.needs.length > 0 ? ` It also needed ${proof.needs.join(', ')}.` : '';
  switch (proof.kind) {
    case 'none':
      return [span('Nothing to prove yet.', 'quiet')];
    case 'proving':
      return [span(' proving that it applies on the base …', 'quiet')];
    case 'proved':
      return [
        span('✔ proved', 'ok', true),
        span(`: applies on the base, tree ${proof.tree.slice(0, 8)}.${safeText(needs)}`),
      ];
    case 'refused':
      return [
        span('✖ does not apply', 'bad', true),
        span(`: ${proof.conflicts.map((c) => safeText(`${c.id} in ${c.path}`)).join(', ')}${needs}`, 'bad'),
      ];
    case 'failed':
      return [span('! could not be proved', 'warn', true), span(`: ${proof.problem.message}`, 'warn')];
    default:
      return proof satisfies never;
  }
}

interface Drawn {
  top: Line[];
  list: Line[];
  selected: number;
  below: Line[];
}

/** The pane's lines: totals, the rows in their buckets around the cursor, and the reasons below them. */
export function selectionLines(state: UiState, discovery: Discovery, { width, height }: PaneProps): Drawn {
  const { selection, session } = state;
  const rows = selectionRows(state);
  const selected = selection.closed?.selected ?? [];
  const sum = totals(discovery, selected);
  // The filter narrows what is listed, not what waits.
  const waiting = discovery.features.filter((f) => f.onBase !== true).length;
  const top: Line[] = [
    heading(
      `Selection · ${strategyWords[selection.strategy]}`,
      [
        span(
          `${sum.features} of ${waiting} · ${sum.commits} commit${sum.commits === 1 ? '' : 's'} · +${sum.additions} −${sum.deletions}`,
        ),
      ],
      width,
    ),
    sum.lowest
      ? [
          ...(selection.closed?.risk ? together(selection.closed.risk) : []),
          span('riskiest ', 'quiet'),
          span(safeText(sum.lowest.id), 'plain', true),
          span(` ${probabilityText(sum.lowest)}`, probabilityTone(sum.lowest)),
        ]
      : [span('Nothing is selected. space takes the feature under the cursor, s a strategy.', 'quiet')],
  ];
  const cursor = Math.min(session.cursors.selection, rows.length - 1);
  const all: { line: Line; at: number }[] = [];
  let at = 0;
  for (const [bucket, name] of buckets) {
    const inside = rows.filter((f) => f.bucket === bucket);
    if (inside.length === 0) continue;
    all.push({ line: [span(`${name} (${inside.length})`, 'plain', true)], at: -1 });
    for (const feature of inside) {
      all.push({ line: row(feature, state, width, at === cursor), at });
      at += 1;
    }
  }
  const current = rows[cursor];
  const below: Line[] = [];
  if (current) {
    const brought =
      selection.wanted.includes(current.id) || !selected.includes(current.id)
        ? undefined
        : (broughtBy(discovery, selected, current.id) ??
          selection.closed?.added.find((a) => a.id === current.id)?.because.join('; '));
    const told = selection.told.length > 0 ? selection.told : brought ? [`Comes along: ${brought}`] : [];
    below.push(
      ...told.flatMap((text) =>
        wrap(safeText(text), width - 2).map((line, i) => [
          span(i === 0 ? '› ' : '  ', 'accent'),
          span(line, 'accent'),
        ]),
      ),
      ...featureSummary(current, width),
    );
  }
  const room = height >= 14 ? Math.max(5, Math.min(12, Math.floor(height / 3))) : 0;
  const listHeight = Math.max(1, height - top.length - 2 - room);
  const cursorLine = all.findIndex((l) => l.at === cursor);
  const { from, to } = windowOf(all.length, Math.max(0, cursorLine), listHeight);
  const list = all.slice(from, to).map((l) => l.line);
  while (list.length < listHeight) list.push(blank);
  return {
    top,
    list,
    selected: cursorLine - from,
    below: room > 0 ? [section('why', width), ...below.slice(0, room - 1)] : [],
  };
}

/** What ships: four buckets, the choice, its closure and its proof. */
export function SelectionPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const { discovery, selection, session } = state;
  if (discovery.status !== 'loaded' || selectionRows(state).length === 0)
    return <DiscoveryPane width={width} height={height} />;
  const drawn = selectionLines(state, discovery.discovery, { width, height });
  const { proof } = selection;
  return (
    <Box flexDirection="column">
      <Lines lines={drawn.top} width={width} height={drawn.top.length} />
      {proof.kind === 'proving' ? (
        <LineText lead={<Spinner type="dots" />} line={proofLine(proof)} width={width} />
      ) : (
        <LineText line={proofLine(proof)} width={width} />
      )}
      <Lines
        lines={drawn.list}
        width={width}
        height={drawn.list.length}
        selected={session.focus === 'main' ? drawn.selected : -1}
      />
      <Lines lines={drawn.below} width={width} height={drawn.below.length} />
    </Box>
  );
}
