import { Box } from 'ink';
import { safeText } from '../src/domain/safe-text.ts';
import { useUi } from '../store/hooks.ts';
import { matching } from '../store/picker.ts';
import type { Found, Picker, PickerOption, Rank } from '../store/state.ts';
import { cut, fit, widthOf, windowOf, wrap } from './fit.ts';
import { graphemes } from './graphemes.ts';
import { Lines } from './Lines.tsx';
import type { PaneProps } from './panes/pane.ts';
import { blank, bordered, type Line, type Span, span, usePalette } from './theme.ts';

/** A label in exactly `width` cells, the characters that match what was typed in bold. */
function labelSpans({ option, marks }: Found, width: number): Span[] {
  const usable = option.whyNot === undefined;
  const tone = usable ? 'plain' : 'quiet';
  const shown = `${fit(option.label, Math.max(1, width - 1))} `;
  if (marks.length === 0) return [span(shown, tone)];
  const marked = new Set(marks);
  const spans: { text: string; hit: boolean }[] = [];
  for (const { segment, index } of graphemes.segment(shown)) {
    const hit = index < option.label.length && marked.has(index);
    const last = spans.at(-1);
    if (last && last.hit === hit) last.text += segment;
    else spans.push({ text: segment, hit });
  }
  return spans.map(({ text, hit }) => (hit ? span(text, usable ? 'accent' : tone, true) : span(text, tone)));
}

/** How many labels decide on the width of their column, so that it stands still while one goes through them. */
const measured = 100;

/** Cells of the labels: as many as they need, up to three fifths. */
function columnOf(found: readonly Found[], width: number): number {
  const widest = Math.max(12, ...found.slice(0, measured).map(({ option }) => widthOf(option.label) + 2));
  return Math.min(Math.floor(width * 0.6), widest);
}

/** What stands beside an option: why it cannot be picked, else what it means. */
function toldOf({ hint = '', whyNot }: PickerOption): string {
  return whyNot === undefined ? safeText(hint) : `not now: ${safeText(whyNot)}`;
}

/** A list to pick from, as lines: what was typed, then the options that are left. Pure. */
export function pickerLines(
  picker: Picker,
  width: number,
  height: number,
  rank?: Rank,
): { lines: Line[]; selected: number } {
  const found = matching(picker, rank);
  const at = Math.max(0, Math.min(picker.at, found.length - 1));
  const column = columnOf(found, width);
  const under = found[at]?.option;
  const whole = under ? toldOf(under) : '';
  // What does not fit beside its option is told in full below the list.
  const below =
    widthOf(whole) > width - column - 2 ? wrap(whole, width).slice(0, Math.max(0, height - 6)) : [];
  const { from, to } = windowOf(found.length, at, height - 2 - (below.length > 0 ? below.length + 1 : 0));
  const shown = found.slice(from, to);
  const count = found.length > 0 ? `${at + 1} of ${found.length}` : '';
  const head: Line = [
    span(picker.title, 'accent', true),
    span('  ▸ ', 'quiet'),
    span(fit(`${safeText(picker.text)}▏`, Math.max(1, width - widthOf(picker.title) - 4 - widthOf(count)))),
    span(count, 'quiet'),
  ];
  const rows = shown.map((each, i): Line => [
    span(from + i === at ? '▸ ' : '  ', 'accent', true),
    ...labelSpans(each, column),
    span(cut(toldOf(each.option), width - column - 2), each.option.whyNot === undefined ? 'quiet' : 'warn'),
  ]);
  return {
    lines: [
      head,
      blank,
      ...(rows.length > 0 ? rows : [[span('Nothing is called that.', 'quiet')] satisfies Line]),
      ...(below.length > 0 ? [blank] : []),
      ...below.map((text): Line => [span(text, under?.whyNot === undefined ? 'plain' : 'warn')]),
    ],
    selected: rows.length > 0 ? 2 + at - from : -1,
  };
}

/** A list to pick from, in a frame over the view. */
export function PickerList({ picker, width, height }: PaneProps & { picker: Picker }) {
  const rank = useUi((state) => state.rank);
  const palette = usePalette();
  const inner = Math.min(110, width - 4);
  const { lines, selected } = pickerLines(picker, inner, height - 2, rank);
  return (
    <Box width={width} height={height} justifyContent="center" alignItems="flex-start">
      <Box
        flexDirection="column"
        borderStyle="round"
        {...bordered(palette.accent)}
        paddingX={1}
        width={inner + 4}
      >
        <Lines lines={lines} width={inner} height={lines.length} selected={selected} />
      </Box>
    </Box>
  );
}
