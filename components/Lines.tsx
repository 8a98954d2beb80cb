import { Box, Text } from 'ink';
import { memo, type ReactNode } from 'react';
import { cut, widthOf } from './fit.ts';
import { useRegion } from './mouse/regions.ts';
import { inSight } from './screen/right-to-left.ts';
import { coloured, type Line, type Span, usePalette } from './theme.ts';

/** The spans of `line` that fit into `width` cells, filled up to exactly that. */
export function clip(line: Line, width: number): Span[] {
  const shown: Span[] = [];
  let left = width;
  for (const span of line) {
    if (left <= 0) break;
    const text = inSight(cut(span.text, left));
    left -= widthOf(text);
    shown.push(text === span.text ? span : { ...span, text });
  }
  if (left > 0) shown.push({ text: ' '.repeat(left) });
  return shown;
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
export const LineText = memo(function LineText({ line, width, selected = false, lead }: LineTextProps) {
  const palette = usePalette();
  const spans = clip(line, lead === undefined ? width : width - 1);
  return (
    <Text wrap="truncate-end" inverse={selected}>
      {lead}
      {spans.map((span, i) => {
        const colour = selected ? undefined : palette[span.tone ?? 'plain'];
        return (
          // The place in the line is what identifies a span.
          // oxlint-disable-next-line react/no-array-index-key
          <Text key={i} bold={span.bold ?? false} {...coloured(colour)}>
            {span.text}
          </Text>
        );
      })}
    </Text>
  );
});

interface LinesProps {
  lines: readonly Line[];
  width: number;
  /** Draws only so many; fewer lines leave the rest empty. */
  height: number;
  /** Which of `lines` is under the cursor. */
  selected?: number;
}

/** Rows below each other. */
export function Lines({ lines, width, height, selected = -1 }: LinesProps) {
  const box = useRegion(lines);
  return (
    <Box ref={box} flexDirection="column" width={width} height={height}>
      {lines.slice(0, height).map((line, i) => (
        // A row is where it is on the screen.
        // oxlint-disable-next-line react/no-array-index-key
        <LineText key={i} line={line} width={width} selected={i === selected} />
      ))}
    </Box>
  );
}
