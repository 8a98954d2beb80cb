import { safeText } from '../src/domain/safe-text.ts';
import { useUi } from '../store/hooks.ts';
import type { Detail } from '../store/state.ts';
import { comparisonLines } from './details/comparison.ts';
import { FeatureDetail } from './details/FeatureDetail.tsx';
import { RecordDetail } from './details/RecordDetail.tsx';
import { wrap } from './fit.ts';
import { heading, type PaneProps } from './panes/pane.ts';
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

/** What stands open over a list: a feature, a paper, an output, a past deployment, two of them. */
export function DetailView({ detail, width, height }: PaneProps & { detail: Detail }) {
  if (detail.kind === 'feature') return <FeatureDetail id={detail.id} width={width} height={height} />;
  if (detail.kind === 'record') return <RecordDetail detail={detail} width={width} height={height} />;
  return <ToldDetail detail={detail} width={width} height={height} />;
}

function ToldDetail({ detail, width, height }: PaneProps & { detail: Told }) {
  const scroll = useUi((state) => state.session.scroll);
  const scrollLimit = useUi((state) => state.session.scrollLimit);
  const { title, lines } = detailLines(detail, width);
  const place = scrollLimit > 0 ? `${Math.min(scroll, scrollLimit) + 1}/${scrollLimit + 1} · ` : '';
  return (
    <ScrollLines
      lines={[heading(title, [span(`${place}esc closes`, 'quiet')], width), blank, ...lines]}
      width={width}
      height={height}
      from={scroll}
    />
  );
}
