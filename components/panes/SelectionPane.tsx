import { Box } from 'ink';
import Spinner from 'ink-spinner';
import { useUi } from '../../store/hooks.ts';
import { Lines, LineText } from '../Lines.tsx';
import { selectionLines } from '../selection/selection-lines.ts';
import { blank } from '../theme.ts';
import { DiscoveryPane } from './DiscoveryPane.tsx';
import type { PaneProps } from './pane.ts';

/** What ships: four buckets, the choice, its closure and its proof. */
export function SelectionPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const { discovery, selection, session } = state;
  if (discovery.status !== 'loaded' || discovery.discovery.features.length === 0)
    return <DiscoveryPane width={width} height={height} />;
  const drawn = selectionLines(state, discovery.discovery, { width, height });
  const before = drawn.top.slice(0, drawn.proofAt);
  const after = drawn.top.slice(drawn.proofAt + 1);
  const lead = selection.proof.kind === 'proving' ? { lead: <Spinner type="dots" /> } : {};
  return (
    <Box flexDirection="column">
      <Lines lines={before} width={width} height={before.length} />
      <LineText {...lead} line={drawn.top[drawn.proofAt] ?? blank} width={width} />
      <Lines lines={after} width={width} height={after.length} />
      <Lines
        lines={drawn.list}
        width={width}
        height={drawn.list.length}
        selected={session.focus === 'main' ? drawn.selected : -1}
      />
      <Lines lines={drawn.below} width={width} height={drawn.below.length} />
    </Box>
  );
}
