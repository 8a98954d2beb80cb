import type { Deployment } from '../../src/domain/deployment.ts';
import { errorRate } from '../../src/domain/judge.ts';
import { type Counts, errorsOf, histogramOf, quantile, type Sample, since } from '../../src/domain/sample.ts';
import { formatSize } from '../../src/domain/size-setting.ts';
import { fit, widthOf } from '../fit.ts';
import { type Line, type Span, span } from '../theme.ts';
import { spark } from './spark.ts';

const columns = [
  ['requests', 9],
  ['errors', 10],
  ['p50', 9],
  ['p95', 9],
  ['p99', 9],
] as const;
const nameWidth = 10;
const tableWidth = columns.reduce((sum, [, width]) => sum + width, nameWidth);

/** The least and the most cells that a row of bars is worth. */
const bars = { least: 6, most: 24 };

/** Each side over time, in as many stretches of the phase as there are cells for. */
interface Course {
  errors: (number | undefined)[];
  p95: (number | undefined)[];
}

/** Stable beside the candidate: what both did since the phase took its traffic, as numbers and over time. */
export function sideLines(deployment: Deployment, width: number): Line[] {
  const last = deployment.samples.at(-1);
  const phase = deployment.phases[deployment.phase];
  if (!last || !phase) return [];
  const began = phase.weightAt ?? phase.startedAt ?? last.at;
  const at = deployment.samples.findLastIndex((s) => s.at < began);
  const before = deployment.samples[at];
  const stable = last.stable && since((before ?? deployment.samples[0])?.stable, last.stable);
  const candidate = since(before?.candidate, last.candidate);

  // The end of the phase is what is judged, so a phase can have enough requests and its end too few.
  const judged = phase.decision?.verdict.data.requests;
  const sample = typeof judged === 'number' ? judged : candidate.requests;

  const cells = Math.min(bars.most, Math.floor((width - tableWidth - 4) / 2));
  const seen = deployment.samples.slice(Math.max(0, at));
  const over =
    cells < bars.least
      ? undefined
      : { stable: course(seen, 'stable', cells), candidate: course(seen, 'candidate', cells) };
  const most = (pick: (course: Course) => (number | undefined)[]) =>
    over ? Math.max(0, ...[...pick(over.stable), ...pick(over.candidate)].map((n) => n ?? 0)) : 0;
  // Less than a percent is drawn as what it is: little.
  const highest = {
    errors: Math.max(
      1,
      most((c) => c.errors),
    ),
    p95: most((c) => c.p95),
  };
  const drawn = (side: Course | undefined): Span[] =>
    side
      ? [
          span(`  ${spark(side.errors, highest.errors)}`.padEnd(cells + 2), 'warn'),
          span(`  ${spark(side.p95, highest.p95)}`, 'accent'),
        ]
      : [];
  const state: Line = [
    span('health ', 'quiet'),
    span(
      `${last.health.healthy}/${last.health.total}`,
      last.health.healthy < last.health.total ? 'bad' : 'ok',
    ),
    span('  sample ', 'quiet'),
    span(`${Math.min(sample, phase.minimumSample)} of ${phase.minimumSample}`),
    ...(deployment.measurementFailures > 0
      ? [span(`  ! ${deployment.measurementFailures} readings failed`, 'warn')]
      : []),
  ];
  const headings = columns.map(([name, room]) => fit(name, room, 'right')).join('');
  return [
    [
      span(`${fit('', nameWidth)}${headings}`, 'quiet'),
      ...(over ? [span(`  ${fit('errors', cells)}  ${fit('p95', cells)}`, 'quiet')] : []),
    ],
    ...(stable ? [[...sideLine('stable', stable), ...drawn(over?.stable)]] : []),
    [...sideLine('candidate', candidate), ...drawn(over?.candidate)],
    [...state, ...memorySpans(last, deployment.plan.triggers.memoryLimitBytes, width - widthOfLine(state))],
  ];
}

/** What each side's processes hold, and what the candidate's may: as much of it as `room` cells take, nothing where it was not read. */
function memorySpans({ memory }: Sample, limit: number | undefined, room: number): Span[] {
  if (!memory) return [];
  const over = limit !== undefined && memory.candidate > limit;
  const own = [span('  memory ', 'quiet'), span(formatSize(memory.candidate), over ? 'bad' : 'plain')];
  const stable = memory.stable === undefined ? [] : [span(` · stable ${formatSize(memory.stable)}`, 'quiet')];
  const may = limit === undefined ? [] : [span(` · limit ${formatSize(limit)}`, 'quiet')];
  const forms = [[...own, ...stable, ...may], [...own, ...may], own];
  return forms.find((form) => widthOfLine(form) <= room) ?? [];
}

const widthOfLine = (line: Line) => line.reduce((sum, { text }) => sum + widthOf(text), 0);

/** A side's numbers in one row. */
function sideLine(name: string, counts: Counts): Span[] {
  const [requests, errors, ...quantiles] = columns.map(([, room]) => room);
  return [
    span(fit(name, nameWidth), 'plain', true),
    span(fit(counts.requests.toLocaleString('en'), requests ?? 9, 'right')),
    span(fit(rateText(counts), errors ?? 10, 'right'), errorsOf(counts) > 0 ? 'warn' : 'ok'),
    ...[0.5, 0.95, 0.99].map((q, i) => span(fit(latencyText(counts, q), quantiles[i] ?? 9, 'right'))),
  ];
}

function rateText(counts: Counts): string {
  return counts.requests === 0 ? '–' : `${errorRate(counts).toFixed(2)} %`;
}

function latencyText(counts: Counts, q: number): string {
  const ms = quantile(histogramOf(counts), q);
  return ms === undefined ? '–' : ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** One side's error rate (percent) and p95 (milliseconds) in each of at most `cells` stretches between readings. */
function course(samples: readonly Sample[], side: 'stable' | 'candidate', cells: number): Course {
  const stride = Math.max(1, Math.ceil((samples.length - 1) / cells));
  const stretches: Counts[] = [];
  for (let i = 0; i + 1 < samples.length; i += stride) {
    const end = samples[Math.min(i + stride, samples.length - 1)]?.[side];
    const start = samples[i]?.[side];
    if (end && start) stretches.push(since(start, end));
  }
  return {
    errors: stretches.map((counts) => (counts.requests === 0 ? undefined : errorRate(counts))),
    p95: stretches.map((counts) => quantile(histogramOf(counts), 0.95)),
  };
}
