import { Box } from 'ink';
import { safeText } from '../src/domain/safe-text.ts';
import { matching } from '../store/picker.ts';
import type { Picker } from '../store/state.ts';
import { cut, fit, widthOf, windowOf } from './fit.ts';
import { Lines } from './Lines.tsx';
import type { PaneProps } from './panes/pane.ts';
import { blank, bordered, type Line, span, usePalette } from './theme.ts';

/** A list to pick from, as lines: what was typed, then the options that are left. Pure. */
export function pickerLines(
  picker: Picker,
  width: number,
  height: number,
): { lines: Line[]; selected: number } {
  const shown = matching(picker);
  const at = Math.max(0, Math.min(picker.at, shown.length - 1));
  const { from, to } = windowOf(shown.length, at, height - 2);
  const column = Math.min(
    Math.floor(width / 2),
    Math.max(12, ...shown.map(({ label }) => widthOf(label) + 2)),
  );
  const head: Line = [
    span(picker.title, 'accent', true),
    span('  ▸ ', 'quiet'),
    span(safeText(picker.text)),
    span('▏', 'accent'),
  ];
  const rows = shown.slice(from, to).map(({ label, hint = '', whyNot }, i): Line => {
    const told = whyNot === undefined ? safeText(hint) : `not now: ${safeText(whyNot)}`;
    return [
      span(from + i === at ? '▸ ' : '  ', 'accent', true),
      span(fit(safeText(label), column), whyNot === undefined ? 'plain' : 'quiet'),
      span(cut(told, width - column - 2), whyNot === undefined ? 'quiet' : 'warn'),
    ];
  });
  return {
    lines: [
      head,
      blank,
      ...(rows.length > 0 ? rows : [[span('Nothing is called that.', 'quiet')] satisfies Line]),
    ],
    selected: rows.length > 0 ? 2 + at - from : -1,
  };
}

/** A list to pick from, in a frame over the view. */
export function PickerList({ picker, width, height }: PaneProps & { picker: Picker }) {
  const palette = usePalette();
  const inner = Math.min(96, width - 4);
  const { lines, selected } = pickerLines(picker, inner, height - 2);
  return (
    <Box width={width} height={height} justifyContent="center">
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
