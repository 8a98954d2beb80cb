import { safeText } from '../src/domain/safe-text.ts';
import { useUi } from '../store/hooks.ts';
import type { Detail } from '../store/state.ts';
import { comparisonLines } from './details/comparison.ts';
import { detailHeading, type DetailPlace } from './details/detail-heading.ts';
import { FeatureDetail } from './details/FeatureDetail.tsx';
import { RecordDetail } from './details/RecordDetail.tsx';
import { wrap } from './fit.ts';
import type { PaneProps } from './panes/pane.ts';
import { ScrollLines } from './ScrollLines.tsx';
import { blank, type Line, span } from './theme.ts';

type Told = Exclude<Detail, { kind: 'feature' | 'record' }>;

function detailLines(detail: Told, width: number): { title: string; lines: Line[] } {
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
  if (detail.kind === 'feature')
    return <FeatureDetail id={detail.id} width={width} height={height} place={place} />;
  if (detail.kind === 'record')
    return <RecordDetail detail={detail} width={width} height={height} place={place} />;
  return <ToldDetail detail={detail} width={width} height={height} place={place} />;
}

interface ToldDetailProps extends PaneProps {
  detail: Told;
  place: DetailPlace;
}

function ToldDetail({ detail, width, height, place }: ToldDetailProps) {
  const scroll = useUi((state) => state.session.scroll);
  const scrollLimit = useUi((state) => state.session.scrollLimit);
  const { title, lines } = detailLines(detail, width);
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
