import { formatDuration } from '../../src/domain/duration.ts';
import type { SuitePlan } from '../../src/domain/plan.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { usualMs, type SuitePast } from '../../src/domain/suite-past.ts';
import type { SuiteState } from '../../src/domain/suite-result.ts';
import { isFlaky, passedRuns, runsOf } from '../../src/domain/suite-run.ts';
import type { TestingRow } from '../../store/testing-rows.ts';
import { fit, widthOf } from '../fit.ts';
import { gauge } from '../panes/pane.ts';
import { type Line, type Span, span } from '../theme.ts';

/** Cells of the gauge of a suite that runs, where there is room for one. */
const gaugeWidth = 10;

/** `about 3 s left`, in whole seconds; `almost done` where the time it usually takes is over. */
export function leftText(ms: number): string {
  return ms > 0 ? `about ${formatDuration(Math.ceil(ms / 1000) * 1000)} left` : 'almost done';
}

/** How a suite under way gets on, from how long it took before, else from its limit. */
export function progressSpans(
  suite: SuitePlan,
  elapsedMs: number | undefined,
  past: SuitePast | undefined,
  wide: boolean,
): Span[] {
  const usual = past && usualMs(past);
  if (elapsedMs === undefined) return [span('running', 'accent')];
  const elapsed = elapsedMs < 1000 ? 'under 1 s' : formatDuration(Math.floor(elapsedMs / 1000) * 1000);
  const n = `n=${past?.durations.length ?? 0}`;
  if (usual === undefined)
    return [
      span(`running ${elapsed}`, 'accent'),
      span(`, at most ${formatDuration(suite.timeoutMs)}`, 'quiet'),
    ];
  if (elapsedMs > usual * 1.2 + 1000)
    return [
      span(`running ${elapsed}`, 'accent'),
      span(`, longer than its usual ${formatDuration(usual)} (${n})`, 'warn'),
    ];
  const left = Math.max(0, usual - elapsedMs);
  return [
    ...(wide ? [span(`${gauge(usual === 0 ? 1 : elapsedMs / usual, gaugeWidth)} `, 'accent')] : []),
    span(`running ${elapsed}`, 'accent'),
    span(`, ${leftText(left)} (${n})`, 'quiet'),
  ];
}

/** That a suite is not to be relied on: from its runs on this candidate, and from what the past says. */
export function flakySpans(state: SuiteState | undefined, past: SuitePast | undefined): Span[] {
  const before = past && past.flaky > 0 ? `${past.flaky} of ${past.candidates}` : undefined;
  if (state && isFlaky(state)) {
    const here = `${passedRuns(state)} of ${runsOf(state)} runs`;
    return [span(`  ~ flaky: ${here}`, 'warn'), ...(before ? [span(`, before ${before}`, 'quiet')] : [])];
  }
  const again = state && runsOf(state) > 1 ? [span(`  ${runsOf(state)} runs, all alike`, 'quiet')] : [];
  return [...again, ...(before === undefined ? [] : [span(`  ~ flaky (${before})`, 'warn')])];
}

const words = { passed: 'passed', failed: 'failed', timed_out: 'timed out' } as const;

/** A suite's line; where it runs, without the moving mark that stands in its second cell. */
export function suiteLine(
  { suite, state, running, waitsFor }: Extract<TestingRow, { kind: 'suite' }>,
  told: { current: boolean; elapsedMs: number | undefined; past: SuitePast | undefined; width: number },
): Line {
  const { current, elapsedMs, past, width } = told;
  const wide = width >= 70;
  const start = span(current ? '▸' : ' ', 'accent', true);
  const name = [
    span(` ${fit(safeText(suite.name), wide ? 16 : 11)} `),
    ...(wide ? [span(fit(suite.kind, 12), 'quiet')] : []),
  ];
  if (running) {
    const run = state ? [span(`run ${runsOf(state) + 1}, `, 'quiet')] : [];
    return [start, ...name, ...run, ...progressSpans(suite, elapsedMs, past, wide)];
  }
  if (!state) {
    const usual = past && usualMs(past);
    return [
      start,
      span(' '),
      ...name,
      span(
        waitsFor.length > 0 ? `waits for ${fit(safeText(waitsFor.join(', ')), 30).trimEnd()}` : 'waits',
        'quiet',
      ),
      span(usual === undefined ? '' : `, usually ${formatDuration(usual)}`, 'quiet'),
      ...flakySpans(undefined, past),
    ];
  }
  const passed = state.status === 'passed';
  return [
    start,
    span(passed ? '✔' : '✖', passed ? 'ok' : 'bad', true),
    ...name,
    span(fit(words[state.status], 10), passed ? 'ok' : 'bad'),
    span(fit(formatDuration(state.durationMs), 9, 'right')),
    span(state.exitCode === null || passed || !wide ? '' : `  exit ${state.exitCode}`, 'quiet'),
    ...flakySpans(state, past),
  ];
}

/** A failed test's line: its name, what it says, where. */
export function caseLine(
  { found }: Extract<TestingRow, { kind: 'case' }>,
  told: { current: boolean; past: SuitePast | undefined; width: number },
): Line {
  const { current, past, width } = told;
  const times = past && Object.hasOwn(past.flakyCases, found.name) ? past.flakyCases[found.name] : undefined;
  const flaky = times === undefined ? '' : `  ~ flaky (${times} of ${past?.candidates ?? 0})`;
  const place = found.place === undefined ? '' : `  ${safeText(found.place)}`;
  const room = Math.max(10, width - 6 - widthOf(place) - widthOf(flaky));
  const name = safeText(found.name);
  const message = found.message === undefined ? '' : `  ${safeText(found.message)}`;
  const shown = fit(name, Math.min(room, widthOf(name)));
  const rest = room - widthOf(shown);
  return [
    span(current ? '▸' : ' ', 'accent', true),
    span('    ✖ ', 'bad'),
    span(shown),
    span(rest > 4 ? fit(message, Math.min(rest, widthOf(message))) : '', 'quiet'),
    span(place, 'accent'),
    span(flaky, 'warn'),
  ];
}
