import type { Deployment } from '../../../domain/deployment.ts';
import { formatDuration } from '../../../domain/duration.ts';
import { html, type Html } from '../../../domain/html.ts';
import { oddsWords } from '../../../domain/odds.ts';
import { candidatePlaces, placeName } from '../../../domain/places.ts';
import type { CurvePoint, RolloutCurves } from '../../../domain/rollout-curves.ts';
import { logBound } from '../../../domain/sequential.ts';
import { safeText } from '../../../domain/safe-text.ts';
import { plotFigure, type LinePlot } from './line-plot.ts';
import { dataTable } from './page.ts';

const percent = (value: number): string => `${Number(value.toPrecision(3))} %`;
const milliseconds = (value: number): string => (value >= 1000 ? `${value / 1000} s` : `${value} ms`);
/** The axis of evidence is marked in powers of ten. */
const tens = (log: number): number => log / Math.LN10;
const odds = (power: number): string =>
  `${(10 ** power).toLocaleString('en', { maximumSignificantDigits: 2 })} : 1`;

/** So many rows of a plot's table: enough to read its course. */
const mostRows = 24;

function thinned(points: readonly CurvePoint[]): readonly CurvePoint[] {
  const step = Math.max(1, Math.ceil(points.length / mostRows));
  return points.filter((_, i) => i % step === step - 1 || i === points.length - 1);
}

/** The table beside a plot: the time, then what each column says of that stretch. */
function rows(
  { points }: RolloutCurves,
  caption: string,
  head: readonly string[],
  cells: (point: CurvePoint) => readonly string[],
): Html {
  return dataTable(
    caption,
    ['After', ...head],
    thinned(points).map((point) => [formatDuration(point.ms), ...cells(point)]),
  );
}

const rateText = (rate: number | undefined): string => (rate === undefined ? '–' : percent(rate));
const timeText = (value: number | undefined): string =>
  value === undefined ? '–' : `${Number(value.toPrecision(3))} ms`;
const most = (values: readonly (number | undefined)[]): number | undefined =>
  values.reduce<number | undefined>((max, v) => (v === undefined ? max : Math.max(max ?? v, v)), undefined);

/** What the rollout looked like: traffic, errors, latency, memory, and the evidence against what it must reach. */
export function rolloutPlots(d: Deployment, curves: RolloutCurves): Html {
  const { points } = curves;
  const lastX = points.at(-1)?.ms ?? 1;
  const { triggers } = d.plan;
  const marks = curves.marks.map(({ ms, kind, phase }) => ({
    x: ms,
    kind,
    text: kind === 'phase' ? String(phase + 1) : '↩',
  }));
  const shared = { lastX, marks };
  const hasOld = points.some(({ stable }) => stable !== undefined && stable.requests > 0);
  const sides = (of: (side: CurvePoint['candidate']) => number | undefined): LinePlot['series'] => [
    { name: 'new version', side: 'fresh', points: points.map((p) => [p.ms, of(p.candidate)]) },
    ...(hasOld
      ? [
          {
            name: 'old version',
            side: 'old' as const,
            points: points.map((p): [number, number | undefined] => [p.ms, p.stable && of(p.stable)]),
          },
        ]
      : []),
  ];
  const highest = most(points.map(({ weight }) => weight)) ?? 0;
  const bound = logBound(triggers.falseRollbackBudget);
  const compared = hasOld && Number.isFinite(bound);
  const worst = most(points.map(({ candidate }) => candidate.errorRate));
  const slowest = most(points.map(({ candidate }) => candidate.p95));
  const memory = most(points.map(({ candidate }) => candidate.memory));
  const figures = [
    plotFigure(
      {
        ...shared,
        title: 'Traffic on the new version',
        description: `The share that the router really gave it; at most ${percent(highest)}. Dotted lines: where a phase began; ↩ where it was taken back.`,
        series: [
          { name: 'new version', side: 'fresh', stepped: true, points: points.map((p) => [p.ms, p.weight]) },
        ],
        atLeastY: 100,
        yWords: percent,
      },
      rows(curves, 'Share of traffic', ['New version'], (p) => [percent(p.weight)]),
    ),
    plotFigure(
      {
        ...shared,
        title: 'Error rate',
        description:
          worst === undefined
            ? 'No request reached the new version.'
            : `Requests that ended in an error, per stretch; the new version’s worst was ${percent(worst)}. ${triggers.errorRate} % for ${formatDuration(triggers.errorWindowMs)} take it back, ${triggers.immediateErrorRate} % at once.`,
        series: sides(({ errorRate }) => errorRate),
        atLeastY: triggers.errorRate,
        yWords: percent,
        limits: [
          { y: triggers.errorRate, text: `${triggers.errorRate} %` },
          { y: triggers.immediateErrorRate, text: `at once: ${triggers.immediateErrorRate} %` },
        ],
      },
      rows(curves, 'Error rate', ['New', 'Old', 'Requests, new'], (p) => [
        rateText(p.candidate.errorRate),
        rateText(p.stable?.errorRate),
        p.candidate.requests.toLocaleString('en'),
      ]),
    ),
    plotFigure(
      {
        ...shared,
        title: 'Latency, p95',
        description:
          slowest === undefined
            ? 'No request reached the new version.'
            : `Of 20 requests, 19 were quicker, per stretch; the new version’s slowest stretch had ${timeText(slowest)}.`,
        series: sides(({ p95 }) => p95),
        atLeastY: 10,
        yWords: milliseconds,
      },
      rows(curves, 'p95', ['New', 'Old'], (p) => [timeText(p.candidate.p95), timeText(p.stable?.p95)]),
    ),
    ...(compared
      ? [
          plotFigure(
            {
              ...shared,
              title: 'Evidence against the new version',
              description: `Odds that it is worse than the old one, folded over every reading; at ${oddsWords(bound)} it is taken back. The axis is logarithmic; below even odds is drawn as even.`,
              series: [
                {
                  name: 'fails more often',
                  side: 'fresh',
                  points: points.map((p) => [p.ms, tens(p.evidence.errors)]),
                },
                {
                  name: 'is slower',
                  side: 'old',
                  points: points.map((p) => [
                    p.ms,
                    p.evidence.latency === undefined ? undefined : tens(p.evidence.latency),
                  ]),
                },
              ],
              atLeastY: tens(bound),
              yWords: odds,
              limits: [{ y: tens(bound), text: `taken back at ${oddsWords(bound)}` }],
            },
            rows(curves, 'Evidence', ['Fails more often', 'Is slower'], (p) => [
              oddsWords(p.evidence.errors),
              p.evidence.latency === undefined ? '–' : oddsWords(p.evidence.latency),
            ]),
          ),
        ]
      : []),
    ...(memory === undefined
      ? []
      : [
          plotFigure(
            {
              ...shared,
              title: 'Memory',
              description: `Held by the largest copy of each version; the new one at most ${mebibytes(memory)}.`,
              series: sides((side) => side.memory),
              atLeastY: 0,
              yWords: mebibytes,
              ...(triggers.memoryLimitBytes === undefined
                ? {}
                : { limits: [{ y: triggers.memoryLimitBytes, text: 'limit' }] }),
            },
            rows(curves, 'Memory', ['New', 'Old'], (p) => [
              p.candidate.memory === undefined ? '–' : mebibytes(p.candidate.memory),
              p.stable?.memory === undefined ? '–' : mebibytes(p.stable.memory),
            ]),
          ),
        ]),
  ];
  const places = candidatePlaces(d.plan);
  const [first] = places;
  return html`${
      places.length > 1 && first
        ? html`<p>Drawn for ${safeText(placeName(first), 100)}, the first of ${places.length} places.</p>`
        : undefined
    }
    <div class="plots">${figures}</div>`;
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20).toLocaleString('en')} MiB`;
