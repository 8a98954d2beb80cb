import { Box } from 'ink';
import { useMemo } from 'react';
import { formatDuration } from '../../src/domain/duration.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { useUi } from '../../store/hooks.ts';
import { analysisTabs, type AnalysisState, type AnalysisTab } from '../../store/state.ts';
import { analysisLines } from '../analysis/analysis-lines.ts';
import { improvementLines } from '../analysis/improvements.ts';
import { problemLines } from '../ErrorCard.tsx';
import { wrap } from '../fit.ts';
import { Lines } from '../Lines.tsx';
import { ScrollLines } from '../ScrollLines.tsx';
import { tabLine } from '../tab-line.ts';
import { blank, type Line, span } from '../theme.ts';
import { gauge, heading, type PaneProps } from './pane.ts';
import { nothingYet } from './StagingPane.tsx';

function readingLines(
  { done, of, leftMs }: Extract<AnalysisState, { status: 'reading' }>,
  width: number,
): Line[] {
  if (of === 0) return [[span('adding up past deployments …', 'quiet')]];
  return [
    ...wrap(`Reading the records of earlier deployments, once: ${done} of ${of}.`, width).map(
      (text): Line => [span(text, 'quiet')],
    ),
    [
      span(gauge(done / of, Math.min(40, width - 20)), 'accent'),
      ...(leftMs === undefined ? [] : [span(`  ${formatDuration(leftMs)} left`, 'quiet')]),
    ],
  ];
}

function bodyLines(state: AnalysisState, tab: AnalysisTab, width: number): Line[] {
  switch (state.status) {
    case 'idle':
      return [[span('the history is being read …', 'quiet')]];
    case 'reading':
      return readingLines(state, width);
    case 'failed':
      return problemLines(state.problem, width);
    case 'read':
      if (state.analysis.looked.deployments > 0)
        return [...analysisLines(state.analysis, tab, width), ...improvementLines(state, tab, width)];
      return nothingYet(
        '',
        state.environment === undefined
          ? 'No deployment has ended yet. What they say together, by type, size and time, stands here after the first ones: choose features in Selection (2), then n.'
          : 'Nothing was deployed there yet. o looks at another environment.',
        width,
      ).slice(2);
    default:
      return state satisfies never;
  }
}

/** What past deployments say together, in tabs. */
export function AnalysisPane({ width, height }: PaneProps) {
  const analysis = useUi((state) => state.analysis);
  const history = useUi((state) => state.history);
  const tab = useUi((state) => state.session.analysisTab);
  const of = useUi((state) => state.session.analysisOf);
  const from = useUi((state) => state.session.cursors.analysis);
  const limit = useUi((state) => state.session.scrollLimit);
  const lines = useMemo(
    () =>
      history.status === 'failed' ? problemLines(history.problem, width) : bodyLines(analysis, tab, width),
    [history, analysis, tab, width],
  );
  const place = limit > 0 ? ` · ${Math.min(from, limit) + 1}/${limit + 1}` : '';
  return (
    <Box flexDirection="column">
      <Lines
        lines={[
          heading('Analysis', [span(`${safeText(of ?? 'all environments', 40)}${place}`, 'quiet')], width),
          tabLine(analysisTabs, tab, width),
          blank,
        ]}
        width={width}
        height={3}
      />
      <ScrollLines lines={lines} width={width} height={Math.max(1, height - 3)} from={from} />
    </Box>
  );
}
