import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { safeText } from '../src/domain/safe-text.ts';
import { paint } from './drawing/paint.ts';
import { cut, widthOf } from './fit.ts';
import { useRegion } from './mouse/regions.ts';
import { inSight } from './screen/right-to-left.ts';
import type { Palette } from './palettes.ts';
import { oneCellEach } from './string-width.ts';
import { type Line, type Span, usePalette } from './theme.ts';

/**
 * The last door before the screen. What comes from outside went through `safeText` where its line was made; what was
 * forgotten there does no harm here.
 */
function harmless(text: string): string {
  return oneCellEach.test(text) ? text : safeText(text);
}

/** The spans of `line` that fit into `width` cells, filled up to exactly that. */
export function clip(line: Line, width: number): Span[] {
  const shown: Span[] = [];
  let left = width;
  for (const span of line) {
    if (left <= 0) break;
    const text = inSight(cut(harmless(span.text), left));
    left -= widthOf(text);
    shown.push(text === span.text ? span : { ...span, text });
  }
  if (left > 0) shown.push({ text: ' '.repeat(left) });
  return shown;
}

/** A row as the terminal gets it: exactly `width` cells, with its colours; all of it inverse under the cursor. */
export function styled(line: Line, width: number, palette: Palette, selected = false): string {
  return clip(line, width)
    .map(({ text, tone = 'plain', bold }) =>
      paint(text, { colour: selected ? undefined : palette[tone], bold, inverse: selected }),
    )
    .join('');
}

interface LineTextProps {
  line: Line;
  width: number;
  /** Drawn as the row under the cursor; the row carries a mark as well, for screens without colour. */
  selected?: boolean;
  /** A moving mark of one cell before the line. */
  lead?: ReactNode;
}

/** One row of the screen, exactly `width` cells. */
export function LineText({ line, width, selected = false, lead }: LineTextProps) {
  const palette = usePalette();
  return (
    <Text wrap="truncate-end">
      {lead}
      {styled(line, lead === undefined ? width : width - 1, palette, selected)}
    </Text>
  );
}

interface LinesProps {
  lines: readonly Line[];
  width: number;
  /** Draws only so many; fewer lines leave the rest empty. */
  height: number;
  /** Which of `lines` is under the cursor. */
  selected?: number;
}

/** Rows below each other: one text, since a text is what costs in Ink, and not its length. */
export function Lines({ lines, width, height, selected = -1 }: LinesProps) {
  const palette = usePalette();
  const box = useRegion(lines);
  const rows = lines
    .slice(0, Math.max(0, height))
    .map((line, i) => styled(line, width, palette, i === selected));
  return (
    <Box ref={box} flexShrink={0} width={width} height={height}>
      <Text wrap="truncate-end">{rows.join('\n')}</Text>
    </Box>
  );
}
