import { readFileSync } from 'node:fs';
import { Box, render, Text, useInput } from 'ink';
import Table from 'ink-table';
import { memo, type PropsWithChildren, useState } from 'react';
import type { Frames, Piece } from './frames.ts';

// A screen that somebody wrote with Ink and nothing else: it draws rows that were recorded, one set a key.

const Row = memo(function Row({ row }: { row: readonly Piece[] }) {
  return (
    <Text wrap="truncate-end">
      {row.map(({ text, color, bold = false, dim = false, inverse = false }, i) => (
        // A recorded row never changes.
        // oxlint-disable-next-line react/no-array-index-key
        <Text key={i} bold={bold} dimColor={dim} inverse={inverse} {...(color ? { color } : {})}>
          {text}
        </Text>
      ))}
    </Text>
  );
});

function List({ rows }: { rows: readonly (readonly Piece[])[] }) {
  return (
    <Box flexDirection="column" height={49}>
      {rows.map((row, i) => (
        // A row is where it is on the screen.
        // oxlint-disable-next-line react/no-array-index-key
        <Row key={i} row={row} />
      ))}
    </Box>
  );
}

const Nothing = () => null;
const Cell = ({ children }: PropsWithChildren) => <Text>{children}</Text>;
const Heading = ({ children }: PropsWithChildren) => (
  <Text bold color="cyan">
    {children}
  </Text>
);

function Rows({ columns, rows }: { columns: string[]; rows: readonly (readonly string[])[] }) {
  const data = rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i] ?? ''])));
  return (
    <Box flexDirection="column" height={49}>
      <Table data={data} columns={columns} cell={Cell} header={Heading} skeleton={Nothing} />
    </Box>
  );
}

/** The same row drawn twice is the same object, so that one that did not change costs nothing. */
function interned(frames: Piece[][][]): Piece[][][] {
  const known = new Map<string, Piece[]>();
  return frames.map((rows) =>
    rows.map((row) => {
      const key = JSON.stringify(row);
      const same = known.get(key) ?? row;
      known.set(key, same);
      return same;
    }),
  );
}

// The file is this bench's own.
const recorded = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Frames;
const list = recorded.kind === 'list' ? interned(recorded.frames) : [];

function Screen() {
  const [at, setAt] = useState(0);
  useInput((input) => {
    if (input === 'q') process.exit(0);
    setAt((before) => Math.min(before + input.length, recorded.frames.length - 1));
  });
  return recorded.kind === 'list' ? (
    <List rows={list[at] ?? []} />
  ) : (
    <Rows columns={recorded.columns} rows={recorded.frames[at] ?? []} />
  );
}

process.stdout.write('\u001b[?1049h\u001b[2J\u001b[H');
render(<Screen />, { exitOnCtrlC: false, patchConsole: false });
