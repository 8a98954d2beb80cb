import { Box } from 'ink';
import type { HistoryRow } from '../../src/domain/memory.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { useUi } from '../../store/hooks.ts';
import { type Detail, recordTabs } from '../../store/state.ts';
import { outcomes } from '../deployment-text.ts';
import { problemLines } from '../ErrorCard.tsx';
import { gatesLines } from '../standing/record-gates.ts';
import { learnedLines, lessonLines } from '../learned-text.ts';
import { Lines } from '../Lines.tsx';
import type { PaneProps } from '../panes/pane.ts';
import { ScrollLines } from '../ScrollLines.tsx';
import { tabLine } from '../tab-line.ts';
import { blank, type Line, span } from '../theme.ts';
import { detailHeading, type DetailPlace } from './detail-heading.ts';
import { eventsLines, featuresLines, suitesLines } from './record-lists.ts';
import { overviewLines, rowLines } from './record-overview.ts';
import { phasesLines } from './record-phases.ts';

export type OpenRecord = Extract<Detail, { kind: 'record' }>;

const reading: Line = [span('reading its record …', 'quiet')];

/** What the open tab of a past deployment shows; `rest` is the deployment that shipped what was left of it. Pure. */
export function recordLines(
  { row, tab, record }: OpenRecord,
  width: number,
  rest?: HistoryRow,
): readonly Line[] {
  if (record.status === 'failed')
    return [...problemLines(record.problem, width), blank, ...rowLines(row, width)];
  const deployment = record.status === 'read' ? record.deployment : undefined;
  if (tab === 'features') return featuresLines(row, deployment, width);
  if (!deployment) {
    const none: Line = [
      span('Its record and its journal cannot be read; this is what its row says.', 'warn'),
    ];
    const line = record.status === 'reading' ? reading : none;
    return tab === 'overview' ? [...rowLines(row, width), blank, line] : [line];
  }
  switch (tab) {
    case 'overview':
      return overviewLines(row, deployment, width, rest);
    case 'phases':
      return phasesLines(deployment, width);
    case 'gates':
      return gatesLines(deployment, width);
    case 'suites':
      return suitesLines(deployment, width);
    case 'events': {
      const events = record.status === 'read' ? record.events : undefined;
      return events ? eventsLines(events, deployment, width) : [[span('reading its journal …', 'quiet')]];
    }
    case 'lessons': {
      const report = record.status === 'read' ? record.report : undefined;
      if (report) return learnedLines(report, deployment, width);
      return deployment.lessons?.length
        ? [
            ...lessonLines(deployment.lessons, width),
            blank,
            [span('Its learning report is not there: what changed by it was not kept.', 'quiet')],
          ]
        : [[span('It taught nothing that was kept.', 'quiet')]];
    }
    default:
      return tab satisfies never;
  }
}

interface RecordDetailProps extends PaneProps {
  detail: OpenRecord;
  place?: DetailPlace;
}

/** A past deployment that stands open, one of its tabs below the line of tabs. */
export function RecordDetail({ detail, width, height, place = 'over' }: RecordDetailProps) {
  const scroll = useUi((state) => state.session.scroll);
  const scrollLimit = useUi((state) => state.session.scrollLimit);
  const { row, tab, record } = detail;
  const rest = useUi(({ history }) =>
    history.status === 'loaded' ? history.rows.find(({ restOf }) => restOf === row.id) : undefined,
  );
  const { mark, text, tone } = outcomes[row.outcome];
  const at = scrollLimit > 0 ? `${Math.min(scroll, scrollLimit) + 1}/${scrollLimit + 1} · ` : '';
  const suites = record.status === 'read' ? (record.deployment?.suites.length ?? 0) : 0;
  const names = {
    features: `features ${row.features.length}`,
    ...(suites > 0 ? { suites: `suites ${suites}` } : {}),
  };
  return (
    <Box flexDirection="column">
      <Lines
        lines={[
          detailHeading(safeText(row.id), at, place, width, [
            span(`${mark} ${text}`, tone),
            span(' · ', 'quiet'),
          ]),
          tabLine(recordTabs, tab, width, names),
          blank,
        ]}
        width={width}
        height={3}
      />
      <ScrollLines
        lines={recordLines(detail, width, rest)}
        width={width}
        height={Math.max(1, height - 3)}
        from={scroll}
      />
    </Box>
  );
}
