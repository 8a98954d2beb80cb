import { formatDuration } from '../src/domain/duration.ts';
import { safeText } from '../src/domain/safe-text.ts';
import { useUi } from '../store/hooks.ts';
import type { OutputDetail, PaperDetail } from '../store/reading.ts';
import type { Detail } from '../store/state.ts';
import { culpritLines } from './culprit-text.ts';
import { outcomes, stageText } from './deployment-text.ts';
import { detailHeading, type DetailPlace } from './details/detail-heading.ts';
import { FeatureDetail } from './details/FeatureDetail.tsx';
import { wrap } from './fit.ts';
import { field, type PaneProps, section } from './panes/pane.ts';
import { ScrollLines } from './ScrollLines.tsx';
import { TextView } from './TextView.tsx';
import { blank, type Line, span } from './theme.ts';

function recordLines({ row, deployment }: Extract<Detail, { kind: 'record' }>, width: number): Line[] {
  const { text, mark, tone } = outcomes[row.outcome];
  const paragraph = (words: string): Line[] => wrap(safeText(words), width).map((line) => [span(line)]);
  return [
    field('outcome', [span(`${mark} ${text}`, tone, true)]),
    ...wrap(safeText(row.reason), width - 13).map((line, i) => field(i === 0 ? 'because' : '', line)),
    field('environment', safeText(row.environment)),
    field('tried', safeText(row.candidate ?? 'nothing')),
    field('serves after', safeText(row.version ?? 'nothing')),
    field('strategy', safeText(row.strategy)),
    field('asked by', safeText(row.by)),
    field('started', `${safeText(row.startedAt)}, took ${formatDuration(row.durationMs)}`),
    blank,
    ...(deployment?.culprit ? [...culpritLines(deployment, width), blank] : []),
    section(`features (${row.features.length})`, width),
    ...row.features.map((f): Line => [span(`${safeText(f.id)}  `, 'accent'), span(safeText(f.title))]),
    ...(deployment
      ? [
          blank,
          section('stages', width),
          ...Object.entries(deployment.stages).map(([stage, state]) =>
            field(stage, `${stageText(state)}${'reason' in state ? `: ${safeText(state.reason)}` : ''}`),
          ),
          ...(deployment.suites.length > 0 ? [blank, section('suites', width)] : []),
          ...deployment.suites.map((s) =>
            field(safeText(s.suite, 12), `${s.status.replace('_', ' ')}, ${formatDuration(s.durationMs)}`),
          ),
          ...(deployment.phases.some((p) => p.decision) ? [blank, section('decisions', width)] : []),
          ...deployment.phases.flatMap((p) =>
            p.decision
              ? paragraph(`${p.name}: ${p.decision.kind.replace('_', ' ')}, ${p.decision.verdict.reason}`)
              : [],
          ),
          ...(deployment.lessons?.length ? [blank, section('lessons', width)] : []),
          ...(deployment.lessons ?? []).flatMap((lesson) => paragraph(`• ${lesson}`)),
        ]
      : []),
  ];
}

type Told = Exclude<Detail, { kind: 'feature' } | PaperDetail | OutputDetail>;

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
    case 'record':
      return { title: safeText(detail.row.id), lines: recordLines(detail, width) };
    default:
      return detail satisfies never;
  }
}

interface DetailViewProps extends PaneProps {
  detail: Detail;
  /** It covers the list, or stands beside it and has the keys, or not. */
  place?: DetailPlace;
}

/** What stands open over a list or beside it: a feature, a paper, an output, a past deployment. */
export function DetailView({ detail, place = 'over', ...room }: DetailViewProps) {
  if (detail.kind === 'feature') return <FeatureDetail id={detail.id} place={place} {...room} />;
  if (detail.kind === 'paper' || detail.kind === 'output')
    return <TextView detail={detail} place={place} {...room} />;
  return <ToldDetail detail={detail} place={place} {...room} />;
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
