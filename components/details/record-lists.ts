import { chanceText } from '../../src/domain/chance.ts';
import { counted } from '../../src/domain/counted.ts';
import { formatDuration } from '../../src/domain/duration.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { Event } from '../../src/domain/event.ts';
import type { HistoryRow } from '../../src/domain/memory.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { clockOf, eventText } from '../deployment-text.ts';
import { fit, wrap } from '../fit.ts';
import { blank, type Line, span } from '../theme.ts';

/** What a past deployment shipped: of each feature what was thought of it and how much it changed. */
export function featuresLines(row: HistoryRow, deployment: Deployment | undefined, width: number): Line[] {
  if (row.features.length === 0)
    return [[span('It deployed a revision as it is, without a selection of features.', 'quiet')]];
  const shipped = new Map(deployment?.source.features.map((feature) => [feature.id, feature]));
  return row.features.flatMap(({ id, title }, i): Line[] => {
    const feature = shipped.get(id);
    const size = feature ? `+${feature.additions} −${feature.deletions}` : '';
    const thought = feature ? chanceText(feature.risk.probability) : '';
    const more = feature
      ? [
          feature.bucket.replace('_', ' '),
          feature.type,
          size,
          counted(feature.commits.length, 'commit'),
          feature.pulledIn ? 'came along' : '',
          safeText(feature.authors.join(', '), 60),
        ]
          .filter(Boolean)
          .join(' · ')
      : '';
    return [
      ...(i > 0 ? [blank] : []),
      [
        span(fit(thought, thought === '' ? 0 : 5), 'quiet'),
        span(`${safeText(id, 40)}  `, 'accent'),
        span(safeText(title)),
      ],
      ...(more === '' ? [] : wrap(more, width - 5).map((text): Line => [span(`     ${text}`, 'quiet')])),
    ];
  });
}

/** The suites of a past deployment; of those that failed, the last lines they wrote. */
export function suitesLines({ suites, plan }: Deployment, width: number): Line[] {
  if (suites.length === 0)
    return wrap(
      safeText(plan.suitesSkipped ?? 'No suite was run. They are named under `suites` in orchestra.yaml.'),
      width,
    ).map((text) => [span(text, 'quiet')]);
  const inOrder = [...suites].sort((a, b) => Number(a.status === 'passed') - Number(b.status === 'passed'));
  return inOrder.flatMap((suite): Line[] => {
    const passed = suite.status === 'passed';
    return [
      [
        span(passed ? '✔ ' : '✖ ', passed ? 'ok' : 'bad', true),
        span(fit(safeText(suite.suite, 40), 20), 'plain', true),
        span(fit(suite.status.replace('_', ' '), 11), passed ? 'ok' : 'bad'),
        span(formatDuration(suite.durationMs), 'quiet'),
      ],
      ...(passed
        ? []
        : (suite.failures ?? suite.tail.slice(-10)).flatMap((text) =>
            wrap(safeText(text), width - 4).map((line): Line => [span(`    ${line}`, 'quiet')]),
          )),
    ];
  });
}

/** Looks that decided nothing would bury the rest. */
function told(event: Event): boolean {
  if (event.type === 'measured' || event.type === 'effect.started') return false;
  if (event.type === 'measure.read') return event.verdict?.kind !== 'passed';
  return !(event.type === 'phase.decided' && event.decision.kind === 'wait');
}

/** Made once for each list of events and width: a long journal is scrolled through key by key. */
const made = new WeakMap<readonly Event[], { width: number; lines: Line[] }>();

/** What happened, oldest first; readings that led to nothing are left out. */
export function eventsLines(events: readonly Event[], deployment: Deployment, width: number): Line[] {
  const known = made.get(events);
  if (known?.width === width) return known.lines;
  const shown = events.filter(told);
  const lines = [
    ...shown.flatMap((event): Line[] => {
      const { text, tone } = eventText(event, deployment.phases);
      return wrap(text, width - 9).map((line, i) => [
        span(fit(i === 0 ? clockOf(event.at) : '', 9), 'quiet'),
        span(line, tone),
      ]);
    }),
    blank,
    [
      span(
        `${events.length} events, ${events.length - shown.length} of them readings and beginnings that are left out here`,
        'quiet',
      ),
    ] satisfies Line,
  ];
  made.set(events, { width, lines });
  return lines;
}
