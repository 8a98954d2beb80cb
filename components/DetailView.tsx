import { safeText } from '../src/domain/safe-text.ts';
import { useUi } from '../store/hooks.ts';
import type { Phase } from '../src/domain/plan.ts';
import type { OutputDetail, PaperDetail } from '../store/reading.ts';
import type { Detail, ReportsState } from '../store/state.ts';
import { apartLines } from './details/apart.ts';
import { comparisonLines } from './details/comparison.ts';
import { environmentLines } from './details/environment.ts';
import { eventLines } from './details/event.ts';
import { detailHeading, type DetailPlace } from './details/detail-heading.ts';
import { FeatureDetail } from './details/FeatureDetail.tsx';
import { RecordDetail } from './details/RecordDetail.tsx';
import { wrap } from './fit.ts';
import type { PaneProps } from './panes/pane.ts';
import { ScrollLines } from './ScrollLines.tsx';
import { TextView } from './TextView.tsx';
import { blank, type Line, span } from './theme.ts';

type Told = Exclude<Detail, { kind: 'feature' | 'record' } | PaperDetail | OutputDetail>;

/** What details are drawn from beside themselves. */
interface Known {
  reports: ReportsState;
  /** Milliseconds since the epoch. */
  now: number;
  /** Of the deployment whose events the log lists. */
  phases: readonly Phase[] | undefined;
}

function detailLines(
  detail: Told,
  { reports, now, phases }: Known,
  width: number,
): { title: string; lines: Line[] } {
  switch (detail.kind) {
    case 'text':
      return {
        title: detail.title,
        lines:
          detail.lines.length === 0
            ? [[span('Nothing was written yet.', 'quiet')]]
            : detail.lines.flatMap((text) => wrap(safeText(text), width).map((line) => [span(line)])),
      };
    case 'comparison':
      return { title: 'Two deployments', lines: comparisonLines(detail.a, detail.b, width) };
    case 'environment': {
      const loaded = reports.status === 'loaded' ? reports : undefined;
      const report = loaded?.reports.find((r) => r.state.name === detail.name);
      return {
        title: safeText(detail.name),
        lines: report
          ? environmentLines(report, loaded?.at ?? now, width)
          : [[span('It is being looked at …', 'quiet')]],
      };
    }
    case 'apart':
      return {
        title: `${safeText(detail.a)} and ${safeText(detail.b)}`,
        lines: apartLines(detail, width),
      };
    case 'event':
      return { title: `Event ${detail.event.seq}`, lines: eventLines(detail.event, phases, width) };
    default:
      return detail satisfies never;
  }
}

interface DetailViewProps extends PaneProps {
  detail: Detail;
  /** It covers the list, or stands beside it and has the keys, or not. */
  place?: DetailPlace;
}

/** What stands open over a list or beside it: a feature, a paper, an output, a past deployment, two of them. */
export function DetailView({ detail, width, height, place = 'over' }: DetailViewProps) {
  const at = { width, height, place };
  if (detail.kind === 'feature') return <FeatureDetail id={detail.id} {...at} />;
  if (detail.kind === 'record') return <RecordDetail detail={detail} {...at} />;
  if (detail.kind === 'paper' || detail.kind === 'output') return <TextView detail={detail} {...at} />;
  return <ToldDetail detail={detail} {...at} />;
}

interface ToldDetailProps extends PaneProps {
  detail: Told;
  place: DetailPlace;
}

function ToldDetail({ detail, width, height, place }: ToldDetailProps) {
  const scroll = useUi((state) => state.session.scroll);
  const scrollLimit = useUi((state) => state.session.scrollLimit);
  const reports = useUi((state) => state.reports);
  const now = useUi((state) => (detail.kind === 'environment' ? state.session.now : 0));
  const phases = useUi(({ log, deployment }) => (log.past ? log.past.phases : deployment?.plan.phases));
  const { title, lines } = detailLines(detail, { reports, now, phases }, width);
  const at = scrollLimit > 0 ? `${Math.min(scroll, scrollLimit) + 1}/${scrollLimit + 1} · ` : '';
  return (
    <ScrollLines
      lines={[detailHeading(title, at, place, width), blank, ...lines]}
      width={width}
      height={height}
      from={scroll}
    />
  );
}
