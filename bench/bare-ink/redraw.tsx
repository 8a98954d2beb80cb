import { readFileSync } from 'node:fs';
import { Box, render, Text } from 'ink';
import { memo, useEffect, useState } from 'react';
import type { Piece } from '../keypress/frames.ts';

/**
 * A log that somebody wrote with Ink and nothing else: it draws the rows that our screen showed, in the same styles, and so
 * many times a second the same rows with numbers ten higher, as a hundred events a second make of them.
 * Arguments: the recorded rows, frames a second.
 */
const [file = '', perSecond = '10'] = process.argv.slice(2);
// The file is the bench's own.
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Piece[][];

/** The numbers that every event moves: its own, its word's, and how many there are. */
const numbers = /(?<=tick-)\d+|\d+(?= \d\d:\d\d:\d\d )|\d+(?= events)/gu;

const later = (text: string, by: number) =>
  text.replace(numbers, (digits) => String(Number(digits) + by).padStart(digits.length, '0'));

const Row = memo(function Row({ pieces, by }: { pieces: readonly Piece[]; by: number }) {
  return (
    <Text wrap="truncate-end">
      {pieces.map(({ text, color, bold = false, dim = false, inverse = false }, i) => (
        // A piece is where it is in its row.
        // oxlint-disable-next-line react/no-array-index-key
        <Text key={i} bold={bold} dimColor={dim} inverse={inverse} {...(color ? { color } : {})}>
          {later(text, by)}
        </Text>
      ))}
    </Text>
  );
});

const moves = recorded.map((row) => row.some(({ text }) => later(text, 1) !== text));

function Screen() {
  const [frame, setFrame] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setFrame((n) => n + 1), 1000 / Number(perSecond));
    return () => clearInterval(timer);
  }, []);
  return (
    <Box flexDirection="column" height={recorded.length}>
      {recorded.map((pieces, i) => (
        // A row is where it is on the screen.
        // oxlint-disable-next-line react/no-array-index-key
        <Row key={i} pieces={pieces} by={moves[i] ? frame * 10 : 0} />
      ))}
    </Box>
  );
}

process.stdout.write('\u001b[?1049h\u001b[2J\u001b[H');
render(<Screen />, { exitOnCtrlC: true, patchConsole: false });
