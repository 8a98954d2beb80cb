import { formatDuration } from '../../src/domain/duration.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { versionName } from '../../store/dialogs.ts';
import { apartLines, driftLines, lockLines, servingLines, underWayLines } from '../environments/summary.ts';
import type { Report } from '../environments/words.ts';
import { fit, wrap } from '../fit.ts';
import { field, section } from '../panes/pane.ts';
import { blank, type Line, span } from '../theme.ts';

type Configuration = NonNullable<Report['configuration']>;

/** Everything there is to say of one environment: what it is like now, and how the next deployment would go. Pure. */
export function environmentLines(report: Report, now: number, width: number): Line[] {
  const { state, configuration } = report;
  return [
    ...(state.description === undefined ? [] : [...paragraph(state.description, width), blank]),
    ...underWayLines(report, now, width),
    ...servingLines(report, now, width),
    ...driftLines(report, width),
    ...lockLines(report, now, width),
    ...apartLines(report, width),
    ...(report.places.length > 0 ? [blank, section('what runs', width), ...realityLines(report, width)] : []),
    ...(configuration
      ? [blank, section('the next deployment', width), ...configurationLines(configuration, width)]
      : []),
  ];
}

/** Every place with its router's word and each copy that runs. */
function realityLines({ places, state }: Report, width: number): Line[] {
  return places.flatMap((place): Line[] => {
    const { router } = place;
    const name = `${safeText(place.service)}${place.region === undefined ? '' : ` in ${safeText(place.region)}`}`;
    const traffic = router
      ? `${versionName(router.stable)}${router.candidate ? `, ${router.weight} % to ${versionName(router.candidate)}` : ''}`
      : 'no router runs';
    return [
      [span(name, 'plain', true), span(`  ${safeText(place.url)}`, 'quiet')],
      field('  traffic', [span(safeText(traffic), router ? 'plain' : 'bad')]),
      ...(place.asked
        ? [field('  says', safeText(place.asked.answer?.trim() ?? 'nothing', Math.max(20, width - 13)))]
        : []),
      ...place.copies.map((copy, i) =>
        field(i === 0 ? '  copies' : '', [
          span(copy.healthy ? '● healthy  ' : '✖ unhealthy  ', copy.healthy ? 'ok' : 'bad'),
          span(
            `${safeText(versionName(copy.version))}  pid ${copy.pid}, port ${copy.port}${copy.version.sha === state.deployed?.sha ? '' : ', not what serves'}`,
          ),
        ]),
      ),
      ...(place.copies.length === 0 ? [field('  copies', [span('none runs', 'bad')])] : []),
    ];
  });
}

function configurationLines(c: Configuration, width: number): Line[] {
  const { triggers } = c;
  const list = (label: string, names: readonly string[], none: string): Line[] =>
    told(label, names.length > 0 ? names.join(', ') : none, width);
  const widest = Math.max(5, ...c.steps.map(({ share }) => share.length));
  return [
    ...told('strategy', `${c.strategy}: ${c.strategyReason}`, width),
    ...c.steps.map((step, i) =>
      field(i === 0 ? 'steps' : '', [
        span(fit(step.share, widest, 'right'), 'accent'),
        span(`  watched ${formatDuration(step.watchedMs)}, ${step.minimumSample} requests at least`, 'quiet'),
      ]),
    ),
    ...told(
      'taken back',
      `errors over ${triggers.immediateErrorRate} % at once, over ${triggers.errorRate} % for ${formatDuration(triggers.errorWindowMs)}; p95 up ${triggers.latencyIncrease} % for ${formatDuration(triggers.latencyWindowMs)}; ${triggers.unhealthy} % unhealthy for ${formatDuration(triggers.unhealthyWindowMs)}${triggers.memoryLimitBytes === undefined ? '' : `; memory over ${Math.round(triggers.memoryLimitBytes / 2 ** 20)} MiB`}`,
      width,
    ),
    ...told(
      'approval',
      c.approval
        ? `before all traffic, by ${c.approval.byAnother ? 'another person than who asked' : 'anybody'}, within ${formatDuration(c.approval.timeoutMs)}`
        : 'not asked for',
      width,
    ),
    ...list(
      'metrics',
      c.metrics.map((m) => `${m.name} (${m.source}${m.dryRun ? ', dry run' : ''})`),
      'only what the router counts',
    ),
    ...list('suites', c.suites, 'none'),
    ...list('checks', c.actions, 'none'),
    field('router', safeText(c.router === 'embedded' ? 'the embedded proxy' : c.router)),
    ...c.places.map((place, i) =>
      field(
        i === 0 ? 'places' : '',
        safeText(
          `${place.service}${place.region === undefined ? '' : ` in ${place.region}`}  ${place.host}:${place.port}${place.copies > 1 ? `, ${place.copies} copies` : ''}`,
        ),
      ),
    ),
    ...list('variables', c.variables, 'none'),
    ...told(
      'takes',
      `promoted after ${formatDuration(c.earliestPromotionMs)} at the earliest, rolled back within ${formatDuration(c.longestRollbackMs)}${c.timeoutMs === undefined ? '' : `; given up after ${formatDuration(c.timeoutMs)}`}`,
      width,
    ),
    ...told(
      'afterwards',
      `${c.keepOldForMs === undefined ? 'the version before is kept until the next deployment' : `the version before is kept for ${formatDuration(c.keepOldForMs)}`}${c.afterPromotion === 'fast-forward' ? '; the production branch is moved there' : ''}`,
      width,
    ),
    ...c.notes.flatMap((note) => paragraph(`! ${note}`, width)),
  ];
}

function told(label: string, text: string, width: number): Line[] {
  return wrap(safeText(text), Math.max(10, width - 13)).map((line, i) => field(i === 0 ? label : '', line));
}

function paragraph(text: string, width: number): Line[] {
  return wrap(safeText(text), width).map((line) => [span(line)]);
}
