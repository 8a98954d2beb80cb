import { Box } from 'ink';
import Spinner from 'ink-spinner';
import type { Deployment } from '../../src/domain/deployment.ts';
import { useUi } from '../../store/hooks.ts';
import type { UiState } from '../../store/state.ts';
import { Lines, LineText } from '../Lines.tsx';
import { RowRegion } from '../mouse/RowRegion.tsx';
import { StatusRow } from '../StatusRow.tsx';
import { testingHeading, testingLines } from '../testing/testing-lines.ts';
import { blank } from '../theme.ts';
import type { PaneProps } from './pane.ts';
import { nothingYet } from './StagingPane.tsx';

/** The project's own suites on the candidate, their output as it comes. */
export function TestingPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const { deployment } = state;
  if (deployment) return <Suites state={state} deployment={deployment} width={width} height={height} />;
  const advice =
    'Nothing is being tested. Stage a candidate first: 2, then n. Its suites run here, failures first, with their output as it comes.';
  return <Lines lines={nothingYet('Testing', advice, width)} width={width} height={height} />;
}

function Suites({
  state,
  deployment,
  width,
  height,
}: PaneProps & { state: UiState; deployment: Deployment }) {
  const { rows, lines } = testingLines(state, deployment, width, height - 3);
  return (
    <Box flexDirection="column">
      <Lines lines={[testingHeading(state, deployment, width)]} width={width} height={1} />
      <StatusRow deployment={deployment} width={width} />
      <Lines lines={[blank]} width={width} height={1} />
      <RowRegion above={0} count={rows.length} cursor={rows.findIndex(({ current }) => current)}>
        {rows.map(({ line, moving, selected }, i) =>
          moving ? (
            // A row is where it is on the screen.
            // oxlint-disable-next-line react/no-array-index-key
            <Box key={i}>
              <LineText line={line.slice(0, 1)} width={1} />
              <LineText lead={<Spinner type="dots" />} line={line.slice(1)} width={width - 1} />
            </Box>
          ) : (
            // oxlint-disable-next-line react/no-array-index-key
            <LineText key={i} line={line} width={width} selected={selected} />
          ),
        )}
      </RowRegion>
      <Lines lines={lines} width={width} height={height - 3 - rows.length} />
    </Box>
  );
}
