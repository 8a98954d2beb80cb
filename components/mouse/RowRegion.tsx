import { Box } from 'ink';
import { type ReactNode, useMemo } from 'react';
import { blank, type Line, span } from '../theme.ts';
import { useRegion } from './regions.ts';

interface RowRegionProps {
  /** Lines above the first row. */
  above: number;
  /** How many rows there are, a line each, and which of them is under the cursor. */
  count: number;
  cursor: number;
  children: ReactNode;
}

/** Makes rows known to the mouse that are not drawn by `Lines`. */
export function RowRegion({ above, count, cursor, children }: RowRegionProps) {
  const lines = useMemo(
    (): Line[] => [
      ...Array.from({ length: above }, () => blank),
      ...Array.from({ length: count }, (_, i): Line => [span(i === cursor ? '▸ ' : '  ', 'accent', true)]),
    ],
    [above, count, cursor],
  );
  return (
    <Box ref={useRegion(lines)} flexDirection="column">
      {children}
    </Box>
  );
}
