import { Box } from 'ink';
import Spinner from 'ink-spinner';
import { useUi } from '../../store/hooks.ts';
import { workSeconds } from '../../store/work.ts';
import { discoveryLines } from '../discovery/discovery-lines.ts';
import { loadingLines } from '../discovery/loading.ts';
import { ErrorCard } from '../ErrorCard.tsx';
import { Lines, LineText } from '../Lines.tsx';
import type { PaneProps } from './pane.ts';

/** What waits on the development branch. */
export function DiscoveryPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const { discovery, session } = state;
  switch (discovery.status) {
    case 'loading': {
      const [first, ...more] = loadingLines(discovery, workSeconds(state), width);
      return (
        <Box flexDirection="column">
          <LineText lead={<Spinner type="dots" />} line={first} width={width} />
          <Lines lines={more} width={width} height={more.length} />
        </Box>
      );
    }
    case 'failed':
      return <ErrorCard problem={discovery.problem} width={width} height={height} />;
    case 'loaded': {
      const { lines, selected } = discoveryLines(state, discovery.discovery, { width, height });
      return (
        <Lines
          lines={lines}
          width={width}
          height={height}
          selected={session.focus === 'main' ? selected : -1}
        />
      );
    }
    default:
      return discovery satisfies never;
  }
}
