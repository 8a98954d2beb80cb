import type { UiCommand } from '../store/commands/command.ts';
import { moving } from '../store/commands/moving.ts';
import { commands, labelOf } from '../store/commands/registry.ts';
import { showing } from '../store/commands/showing.ts';
import { useUi } from '../store/hooks.ts';
import { stageViews, type UiState } from '../store/state.ts';
import { cut, fit, widthOf, wrap } from './fit.ts';
import { clip } from './Lines.tsx';
import { heading, type PaneProps } from './panes/pane.ts';
import { ScrollLines } from './ScrollLines.tsx';
import { blank, type Line, span } from './theme.ts';

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Cells of the column of keys. */
const keysWidth = 13;

/** Cells from which the groups stand in two columns, and between them. */
const twoColumns = 110;
const gap = 4;

/** Where a key works, when it does not everywhere. */
function placeOf({ views, details }: UiCommand): string {
  if (details) return ` in an open ${details.join(', ')}`;
  return views ? ` in ${views.map(capital).join(', ')}` : '';
}

/** What a key does now, or why it does nothing: below it, in as many lines as that takes, where it does not fit beside it. */
function keyLines(command: UiCommand, state: UiState, width: number, withPlace: boolean): Line[] {
  const why = command.whyNot?.(state);
  const where = withPlace ? placeOf(command) : '';
  const label = labelOf(command, state);
  const head: Line = [
    span(fit(command.shown, keysWidth), why ? 'quiet' : 'accent', !why),
    span(cut(label, width - keysWidth), why ? 'quiet' : 'plain'),
    span(cut(where, Math.max(0, width - keysWidth - widthOf(label))), 'quiet'),
  ];
  if (!why) return [head];
  const beside = `  (not now: ${why})`;
  const used = keysWidth + widthOf(label) + widthOf(where);
  if (used + widthOf(beside) <= width) return [[...head, span(beside, 'warn')]];
  const below = wrap(beside.trimStart(), width - keysWidth - 2);
  return [head, ...below.map((text): Line => [span(' '.repeat(keysWidth + 2)), span(text, 'warn')])];
}

const marks: readonly (readonly [mark: string, means: string])[] = [
  ['✔ ✖ ●', 'passed, failed, under way'],
  ['– ○', 'skipped, empty'],
  ['[x] [+] [ ]', 'chosen, comes along, left out'],
  ['S A D C I T', 'touches schema, API, dependencies, configuration, infrastructure, tests'],
  ['!', 'breaks something, or wants to be read'],
];

function markLines([mark, means]: (typeof marks)[number], width: number): Line[] {
  return wrap(means, width - keysWidth).map((text, i): Line => [
    span(fit(i === 0 ? mark : '', keysWidth), 'accent'),
    span(text, 'quiet'),
  ]);
}

/** The keys in groups, those of the open view first, each group under its title. */
export function helpGroups(state: UiState, width: number): Line[][] {
  const { view, detail } = state.session;
  const open = detail?.kind;
  const inOpen = (c: UiCommand) => open !== undefined && c.details?.includes(open) === true;
  const here = (c: UiCommand) => !c.details && c.views?.includes(view) === true;
  const anywhere = (c: UiCommand) => !c.details && !c.views;
  const keyed = commands.filter((c) => c.keys.length > 0);
  const ways = new Set([...moving, ...showing]);
  const number = stageViews.findIndex((stage) => stage === view) + 1;
  const group = (title: string, found: readonly UiCommand[], withPlace = false): Line[] =>
    found.length === 0
      ? []
      : [
          [span(title, 'plain', true)],
          ...found.flatMap((command) => keyLines(command, state, width, withPlace)),
        ];
  const groups = [
    group(`IN THE OPEN ${(open ?? '').toUpperCase()}`, keyed.filter(inOpen)),
    group(`HERE, IN ${number > 0 ? `${number} ` : ''}${view.toUpperCase()}`, keyed.filter(here)),
    group(
      'EVERYWHERE',
      keyed.filter((c) => anywhere(c) && !ways.has(c)),
    ),
    group('GOING ABOUT', moving.filter(anywhere)),
    group('VIEWS', showing),
    group(
      'ELSEWHERE',
      keyed.filter((c) => !inOpen(c) && !here(c) && !anywhere(c)),
      true,
    ),
    [[span('MARKS', 'plain', true)], ...marks.flatMap((mark) => markLines(mark, width))],
  ];
  return groups.filter((lines) => lines.length > 0);
}

const below = (groups: readonly Line[][]) =>
  groups.flatMap((lines, i) => (i === 0 ? lines : [blank, ...lines]));

/** Groups beside each other, in the two columns that are least unlike in height; their order stays. */
function besideEachOther(groups: readonly Line[][], width: number): Line[] {
  const columns = groups.map((_, i) => [below(groups.slice(0, i + 1)), below(groups.slice(i + 1))] as const);
  const taller = ([left, right]: readonly [Line[], Line[]]) => Math.max(left.length, right.length);
  const [left, right] = columns.reduce((best, pair) => (taller(pair) < taller(best) ? pair : best));
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i): Line => [
    ...clip(left[i] ?? blank, width),
    span(' '.repeat(gap)),
    ...(right[i] ?? blank),
  ]);
}

/** Every key with what it does now, or why it does nothing, the open view's first; in two columns where there is room. */
export function helpLines(state: UiState, width: number): Line[] {
  const column = width < twoColumns ? width : Math.floor((width - gap) / 2);
  const groups = helpGroups(state, column);
  return [
    heading('Keys', [span(': finds them by name · esc closes', 'quiet')], width),
    blank,
    ...(column === width ? below(groups) : besideEachOther(groups, column)),
  ];
}

/** The list of keys, drawn from the commands. */
export function Help({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  return (
    <ScrollLines lines={helpLines(state, width)} width={width} height={height} from={state.session.scroll} />
  );
}
