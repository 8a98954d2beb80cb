import { chanceText } from '../../src/domain/chance.ts';
import { Box } from 'ink';
import type { Deployment } from '../../src/domain/deployment.ts';
import { formatDuration } from '../../src/domain/duration.ts';
import type { LearningReport } from '../../src/domain/learning-report.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { useUi } from '../../store/hooks.ts';
import type { UiState } from '../../store/state.ts';
import { warmStartLines } from '../discovery/warm-start-line.ts';
import { outcomes } from '../deployment-text.ts';
import { fit, wrap } from '../fit.ts';
import { learnedLines, lessonLines } from '../learned-text.ts';
import { Lines } from '../Lines.tsx';
import { ScrollLines } from '../ScrollLines.tsx';
import { StatusRow } from '../StatusRow.tsx';
import { blank, type Line, span } from '../theme.ts';
import { heading, type PaneProps, section } from './pane.ts';
import { nothingYet } from './StagingPane.tsx';

/** Where the shipped features stand that wait again, as discovery sees them now, with what they need and how many fit. */
function waitingLines(state: UiState, deployment: Deployment, width: number): Line[] {
  const now = state.discovery.status === 'loaded' ? state.discovery.discovery.features : [];
  const waiting = deployment.source.features.flatMap(
    (shipped) => now.find((f) => f.id === shipped.id && !f.onBase) ?? [],
  );
  if (waiting.length === 0) return [];
  return [
    blank,
    section(`wait again (${waiting.length})`, width),
    ...waiting.flatMap((feature): Line[] => [
      [
        span(`${chanceText(feature.risk.probability)} `, 'quiet'),
        span(fit(feature.bucket.replace('_', ' '), 16), 'accent'),
        span(fit(safeText(feature.title), Math.max(1, width - 21))),
      ],
      ...wrap(safeText(feature.reason), width - 5).map((text): Line => [span(`     ${text}`, 'quiet')]),
    ]),
  ];
}

function tallyLines(state: UiState, width: number): Line[] {
  const past = state.history.status === 'loaded' ? state.history.rows : [];
  const tally = Object.entries(outcomes)
    .map(([outcome, { text }]) => ({ text, n: past.filter((row) => row.outcome === outcome).length }))
    .filter(({ n }) => n > 0)
    .map(({ text, n }) => `${n} ${text}`);
  if (tally.length === 0) return [];
  return [
    blank,
    section(`all ${past.length} deployments`, width),
    [span(tally.join(' · ')), span('   A analyses them', 'quiet')],
  ];
}

const reportWords = {
  reading: 'what changed by it is being read …',
  read: 'Its learning report is not there: what changed by it was not kept.',
  failed: 'Its learning report cannot be read.',
} as const;

/** What stands where there is no report: the lessons of the record, or why there are none yet. */
function withoutReport(
  { lessons, status }: Deployment,
  report: NonNullable<UiState['learning']>['status'],
  width: number,
): Line[] {
  if (status.kind !== 'finished' && status.kind !== 'concluding')
    return [[span('Lessons are drawn when the deployment has ended.', 'quiet')]];
  return [
    section(lessons ? `lessons (${lessons.length})` : 'lessons', width),
    ...lessonLines(lessons ?? [], width),
    ...(status.kind === 'finished' ? [blank, [span(reportWords[report], 'quiet')] satisfies Line] : []),
  ];
}

/** The lessons of a finished deployment, and what they changed. */
export function learningLines(state: UiState, deployment: Deployment, width: number): Line[] {
  const { status } = deployment;
  const { learning } = state;
  const known = learning?.id === deployment.id ? learning : undefined;
  const report: LearningReport | undefined = known?.report;
  return [
    ...(status.kind === 'finished'
      ? [[span(`took ${formatDuration(status.durationMs)}`, 'quiet')], blank]
      : []),
    ...(report
      ? learnedLines(report, deployment, width)
      : withoutReport(deployment, known?.status ?? 'reading', width)),
    ...waitingLines(state, deployment, width),
    ...tallyLines(state, width),
    ...warmStartLines(state, width),
  ];
}

/** What the deployment taught. */
export function LearningPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const { deployment, session } = state;
  if (!deployment)
    return (
      <Lines
        lines={[
          ...nothingYet(
            'Learning',
            'What a deployment changed in the advice appears here when it ends. What earlier ones taught stands in History (H): enter opens one, ] goes on to its lessons.',
            width,
          ),
          ...warmStartLines(state, width),
        ]}
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
