import { Box } from 'ink';
import { safeText } from '../src/domain/safe-text.ts';
import { matching } from '../store/picker.ts';
import type { Picker, PickerOption } from '../store/state.ts';
import { cut, fit, widthOf, windowOf, wrap } from './fit.ts';
import { Lines } from './Lines.tsx';
import type { PaneProps } from './panes/pane.ts';
import { blank, type Line, span } from './theme.ts';

/** What stands beside an option: why it cannot be picked, else what it means. */
function toldOf({ hint = '', whyNot }: PickerOption): string {
  return whyNot === undefined ? safeText(hint) : `not now: ${safeText(whyNot)}`;
}

/** A list to pick from, as lines: what was typed, then the options that are left. Pure. */
export function pickerLines(
  picker: Picker,
  width: number,
  height: number,
): { lines: Line[]; selected: number } {
  const shown = matching(picker);
  const at = Math.max(0, Math.min(picker.at, shown.length - 1));
  const under = shown[at];
  const column = Math.min(
    Math.floor(width / 2),
    Math.max(12, ...shown.map(({ label }) => widthOf(label) + 2)),
  );
  const whole = under ? toldOf(under) : '';
  // What does not fit beside its option is told in full below the list.
  const below =
    widthOf(whole) > width - column - 2 ? wrap(whole, width).slice(0, Math.max(0, height - 6)) : [];
  const { from, to } = windowOf(shown.length, at, height - 2 - (below.length > 0 ? below.length + 1 : 0));
  const head: Line = [
    span(picker.title, 'accent', true),
    span('  ▸ ', 'quiet'),
    span(safeText(picker.text)),
    span('▏', 'accent'),
  ];
  const rows = shown.slice(from, to).map((option, i): Line => {
    const { label, whyNot } = option;
    return [
      span(from + i === at ? '▸ ' : '  ', 'accent', true),
      span(fit(safeText(label), column), whyNot === undefined ? 'plain' : 'quiet'),
      span(cut(toldOf(option), width - column - 2), whyNot === undefined ? 'quiet' : 'warn'),
    ];
  });
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
  const inner = Math.min(96, width - 4);
  const { lines, selected } = pickerLines(picker, inner, height - 2);
  return (
    <Box width={width} height={height} justifyContent="center">
      <Box flexDirection="column" borderStyle="round" borderColor="cyan" paddingX={1} width={inner + 4}>
        <Lines lines={lines} width={inner} height={lines.length} selected={selected} />
      </Box>
    </Box>
  );
}
