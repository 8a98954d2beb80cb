import { formatDuration } from '../../src/domain/duration.ts';
import { comparisonOf } from '../../src/domain/deployment-comparison.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { SuiteResult } from '../../src/domain/event.ts';
import { rolloutSides, type SideNumbers } from '../../src/domain/phase-sides.ts';
import { stages } from '../../src/domain/plan.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { stageMs } from '../../src/domain/stage-duration.ts';
import type { Recorded } from '../../store/state.ts';
import { outcomes } from '../deployment-text.ts';
import { fit, wrap } from '../fit.ts';
import { section } from '../panes/pane.ts';
import { blank, type Line, span } from '../theme.ts';
import { latencyText, rateText } from './side-numbers.ts';

/** So many files of one side are named. */
const mostFiles = 12;

const labelWidth = 12;

/** A label, what it is in A and in B; where they differ, B stands out and a mark says so. */
function pairLines(label: string, a: string, b: string, width: number): Line[] {
  const column = Math.max(8, Math.floor((width - labelWidth - 3) / 2));
  const [left, right] = [a, b].map((text) => wrap(safeText(text), column));
  const differs = a !== b;
  return Array.from({ length: Math.max(left?.length ?? 0, right?.length ?? 0) }, (_, i): Line => [
    span(fit(i === 0 ? label : '', labelWidth), 'quiet'),
    span(fit(left?.[i] ?? '', column)),
    span(i === 0 && differs ? ' ≠ ' : '   ', 'warn', true),
    span(fit(right?.[i] ?? '', column), differs ? 'plain' : 'quiet', differs),
  ]);
}

const took = (ms: number | undefined) => (ms === undefined ? '–' : formatDuration(ms));

function sidesPairs(a: Deployment, b: Deployment): (readonly [string, string, string])[] {
  const [first, second] = [rolloutSides(a), rolloutSides(b)];
  const numbers = (side: SideNumbers | undefined) =>
    side ? `${rateText(side.errorRate)} of ${side.requests.toLocaleString('en')}` : '–';
  const slow = (side: SideNumbers | undefined) => (side ? latencyText(side.p95) : '–');
  return [
    ['errors', numbers(first?.candidate), numbers(second?.candidate)],
    ['  of stable', numbers(first?.stable), numbers(second?.stable)],
    ['p95', slow(first?.candidate), slow(second?.candidate)],
    ['  of stable', slow(first?.stable), slow(second?.stable)],
  ];
}

function recordPairs(a: Deployment, b: Deployment): (readonly [string, string, string])[] {
  const phases = ({ phases: all }: Deployment) => {
    const reached = all.filter(({ startedAt }) => startedAt !== undefined).length;
    return `${reached} of ${all.length}: ${all.map(({ weight }) => `${weight} %`).join(', ')}`;
  };
  const thought = ({ risk }: Deployment) =>
    risk ? `${Math.round(risk.probability * 100)} % (n=${risk.n})` : '–';
  const lines = ({ source }: Deployment) =>
    `+${source.features.reduce((n, f) => n + f.additions, 0)} −${source.features.reduce((n, f) => n + f.deletions, 0)}`;
  const stage = (name: (typeof stages)[number]) =>
    [name, took(stageMs(a.stages[name])), took(stageMs(b.stages[name]))] as const;
  return [
    ['was thought', thought(a), thought(b)],
    ['lines', lines(a), lines(b)],
    ['phases', phases(a), phases(b)],
    ...stages.filter((name) => name !== 'discovery' && name !== 'selection').map(stage),
    ...sidesPairs(a, b),
  ];
}

function named(title: string, features: readonly { id: string; title: string }[], width: number): Line[] {
  if (features.length === 0) return [];
  return [
    blank,
    section(`${title} (${features.length})`, width),
    ...features.map((f): Line => [span(`${safeText(f.id, 40)}  `, 'accent'), span(safeText(f.title))]),
  ];
}

function files(title: string, paths: readonly string[]): Line[] {
  if (paths.length === 0) return [];
  const more = paths.length - mostFiles;
  return [
    [span(title, 'quiet')],
    ...paths.slice(0, mostFiles).map((path): Line => [span(`  ${safeText(path)}`)]),
    ...(more > 0 ? [[span(`  and ${more} more`, 'quiet')] satisfies Line] : []),
  ];
}

const suiteWords = (result: SuiteResult | undefined) =>
  result ? `${result.status.replace('_', ' ')}, ${formatDuration(result.durationMs)}` : 'not run';

/** Two past deployments side by side. Pure. */
export function comparisonLines(a: Recorded, b: Recorded, width: number): Line[] {
  const { features, files: changed, suites } = comparisonOf(a, b);
  const outcome = ({ row }: Recorded) => `${outcomes[row.outcome].mark} ${outcomes[row.outcome].text}`;
  const pairs: (readonly [string, string, string])[] = [
    ['', a.row.id, b.row.id],
    ['outcome', outcome(a), outcome(b)],
    ['because', a.row.reason, b.row.reason],
    ['environment', a.row.environment, b.row.environment],
    ['tried', a.row.candidate ?? 'nothing', b.row.candidate ?? 'nothing'],
    ['strategy', a.row.strategy, b.row.strategy],
    ['asked by', a.row.by, b.row.by],
    ['took', formatDuration(a.row.durationMs), formatDuration(b.row.durationMs)],
    ...(a.deployment && b.deployment ? recordPairs(a.deployment, b.deployment) : []),
  ];
  return [
    ...pairs.flatMap(([label, left, right]) => pairLines(label, left, right, width)),
    ...(a.deployment && b.deployment
      ? []
      : [
          [
            span('The record of one of them cannot be read: this is what their rows say.', 'warn'),
          ] satisfies Line,
        ]),
    ...named(`only in ${a.row.id}`, features.onlyA, width),
    ...named(`only in ${b.row.id}`, features.onlyB, width),
    ...named('in both', features.both, width),
    ...(suites && suites.differ.length > 0
      ? [
          blank,
          section(`suites that ended otherwise (${suites.alike} alike)`, width),
          ...suites.differ.flatMap((one) =>
            pairLines(one.suite, suiteWords(one.a), suiteWords(one.b), width),
          ),
        ]
      : []),
    ...(changed && changed.onlyA.length + changed.onlyB.length > 0
      ? [
          blank,
          section(`files (${changed.both} changed by both)`, width),
          ...files(`only ${a.row.id}`, changed.onlyA),
          ...files(`only ${b.row.id}`, changed.onlyB),
        ]
      : []),
  ];
}
