import { Box, render, Text } from 'ink';
import { useEffect, useState } from 'react';

/**
 * Ink alone with as many cells as our screen has, drawn anew so many times a second, all lines of its log another each time.
 * Arguments: frames a second.
 */
const [perSecond = '10'] = process.argv.slice(2);
const columns = process.stdout.columns || 120;
const rows = (process.stdout.rows || 40) - 1;
const sidebar = 18;
const main = columns - sidebar - 4;
const views = [
  'Discovery',
  'Selection',
  'Staging',
  'Testing',
  'Production',
  'Learning',
  '',
  'History',
  'Log',
];

function Screen() {
  const [frame, setFrame] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setFrame((n) => n + 1), 1000 / Number(perSecond));
    return () => clearInterval(timer);
  }, []);
  // Ten events came since the frame before, as a hundred a second do in ten frames.
  const last = frame * 10;
  return (
    <Box flexDirection="column" width="100%" height={rows}>
      <Text bold>{'bare ink'.padEnd(columns)}</Text>
      <Box width={columns} height={rows - 2} borderStyle="single" borderTop={false} borderBottom={false}>
        <Box width={sidebar} flexDirection="column">
          {views.map((view, i) => (
            // A view is where it is.
            // oxlint-disable-next-line react/no-array-index-key
            <Text key={i}>
              <Text color="cyan"> {i} </Text>
              {view.padEnd(sidebar - 4)}
            </Text>
          ))}
        </Box>
        <Box width={main} flexDirection="column">
          {Array.from({ length: rows - 2 }, (_, i) => {
            const seq = last + i;
            return (
              <Text key={i} wrap="truncate-end" inverse={i === rows - 3}>
                <Text color="gray">{`  ${String(seq).padStart(6)} 10:11:12 `}</Text>
                <Text color="yellow">
                  {`could not measure: tick-${String(seq).padStart(6, '0')}`.padEnd(main - 19)}
                </Text>
              </Text>
            );
          })}
        </Box>
      </Box>
      <Text>{'q quit'.padEnd(columns)}</Text>
    </Box>
  );
}

render(<Screen />, { exitOnCtrlC: true, patchConsole: false, maxFps: 30 });
