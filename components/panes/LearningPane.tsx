import { Box } from 'ink';
import type { Deployment } from '../../src/domain/deployment.ts';
import { formatDuration } from '../../src/domain/duration.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { useUi } from '../../store/hooks.ts';
import type { UiState } from '../../store/state.ts';
import { outcomes } from '../deployment-text.ts';
import { fit, wrap } from '../fit.ts';
import { Lines } from '../Lines.tsx';
import { ScrollLines } from '../ScrollLines.tsx';
import { StatusRow } from '../StatusRow.tsx';
import { blank, type Line, span } from '../theme.ts';
import { heading, type PaneProps, section } from './pane.ts';
import { nothingYet } from './StagingPane.tsx';

/** What each shipped feature was thought to be worth before, and, where it still waits, what it is now. */
function changedOpinions(state: UiState, deployment: Deployment, width: number): Line[] {
  const now = state.discovery.status === 'loaded' ? state.discovery.discovery.features : [];
  const lines = deployment.source.features.flatMap((shipped): Line[] => {
    const waiting = now.find((f) => f.id === shipped.id && !f.onBase);
    const before = shipped.risk.probability;
    const after = waiting?.risk.probability;
    return [
      [
        span(`${before.toFixed(2)} → `, 'quiet'),
        after === undefined
          ? span(fit('shipped', 8), 'quiet')
          : span(fit(after.toFixed(2), 8), after < before ? 'warn' : 'ok', true),
        span(fit(safeText(shipped.title), width - 15)),
      ],
      ...(waiting && waiting.bucket !== shipped.bucket
        ? wrap(
            `${shipped.bucket.replace('_', ' ')} → ${waiting.bucket.replace('_', ' ')}: ${safeText(waiting.reason)}`,
            width - 15,
          ).map((text): Line => [span(' '.repeat(15)), span(text, 'warn')])
        : []),
    ];
  });
  return lines.length === 0 ? [] : [section('success, before → after', width), ...lines, blank];
}

/** The lessons of a finished deployment, and what they changed. */
export function learningLines(state: UiState, deployment: Deployment, width: number): Line[] {
  const { status, lessons } = deployment;
  const past = state.history.status === 'loaded' ? state.history.rows : [];
  const tally = Object.entries(outcomes)
    .map(([outcome, { text }]) => ({ text, n: past.filter((row) => row.outcome === outcome).length }))
    .filter(({ n }) => n > 0)
    .map(({ text, n }) => `${n} ${text}`);
  return [
    ...(status.kind === 'finished'
      ? [[span(`took ${formatDuration(status.durationMs)}`, 'quiet')], blank]
      : []),
    section(lessons ? `lessons (${lessons.length})` : 'lessons', width),
    ...(lessons
      ? lessons.flatMap((lesson) =>
          wrap(safeText(lesson), width - 2).map((text, i) => [
            span(i === 0 ? '• ' : '  ', 'accent'),
            span(text),
          ]),
        )
      : [[span('They are drawn when the deployment has ended.', 'quiet')]]),
    blank,
    ...changedOpinions(state, deployment, width),
    ...(tally.length > 0
      ? [section(`all ${past.length} deployments`, width), [span(tally.join(' · '))]]
      : []),
  ];
}

/** What the deployment taught. */
export function LearningPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const { deployment, session } = state;
  if (!deployment)
    return (
      <Lines
        lines={nothingYet(
          'Learning',
          'Lessons appear here when a deployment ends. Those of earlier ones are in History (H).',
          width,
        )}
        width={width}
        height={height}
      />
    );
  return (
    <Box flexDirection="column">
      <Lines lines={[heading('Learning', [span(deployment.id, 'quiet')], width)]} width={width} height={1} />
      <StatusRow deployment={deployment} width={width} />
      <ScrollLines
        lines={learningLines(state, deployment, width)}
        width={width}
        height={height - 2}
        from={session.cursors.learning}
      />
    </Box>
  );
}
