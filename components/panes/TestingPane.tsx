import { Box } from 'ink';
import Spinner from 'ink-spinner';
import { counted } from '../../src/domain/counted.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { formatDuration } from '../../src/domain/duration.ts';
import type { SuiteResult } from '../../src/domain/event.ts';
import type { SuitePlan } from '../../src/domain/plan.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { useUi } from '../../store/hooks.ts';
import { placeOf } from '../../store/paper-place.ts';
import type { Output } from '../../store/state.ts';
import { failureLines } from '../deployment-text.ts';
import { fit } from '../fit.ts';
import { Lines, LineText } from '../Lines.tsx';
import { StatusRow } from '../StatusRow.tsx';
import { blank, type Line, span } from '../theme.ts';
import { heading, type PaneProps, section } from './pane.ts';
import { nothingYet } from './StagingPane.tsx';

type SuiteState = { kind: 'waiting' } | { kind: 'running' } | { kind: 'ended'; result: SuiteResult };

function stateOf(deployment: Deployment, suite: SuitePlan): SuiteState {
  const result = deployment.suites.findLast((r) => r.suite === suite.name);
  if (result) return { kind: 'ended', result };
  const { effect } = deployment;
  return effect?.kind === 'run-suite' && effect.suite.name === suite.name
    ? { kind: 'running' }
    : { kind: 'waiting' };
}

function suiteLine(suite: SuitePlan, state: SuiteState, current: boolean): Line {
  const start = [span(current ? '▸' : ' ', 'accent', true)];
  const name = [span(` ${fit(safeText(suite.name), 16)} `), span(fit(suite.kind, 12), 'quiet')];
  switch (state.kind) {
    case 'waiting':
      return [...start, span('  '), ...name, span('waits', 'quiet')];
    case 'running':
      return [
        ...start,
        ...name,
        span('running', 'accent'),
        span(`, at most ${formatDuration(suite.timeoutMs)}`, 'quiet'),
      ];
    case 'ended': {
      const { result } = state;
      const passed = result.status === 'passed';
      return [
        ...start,
        span(passed ? ' ✔' : ' ✖', passed ? 'ok' : 'bad', true),
        ...name,
        span(fit(result.status.replace('_', ' '), 10), passed ? 'ok' : 'bad'),
        span(fit(formatDuration(result.durationMs), 9, 'right')),
        span(result.exitCode === null ? '' : `  exit ${result.exitCode}`, 'quiet'),
      ];
    }
    default:
      return state satisfies never;
  }
}

/** The end of what the suite under the cursor said: live while it runs, its last lines afterwards. */
function tailOf(
  suite: SuitePlan | undefined,
  state: SuiteState,
  output: Output | undefined,
): readonly string[] {
  if (!suite) return [];
  if (state.kind === 'ended') return state.result.tail;
  return state.kind === 'running' && output?.suite === suite.name ? output.lines : [];
}

/** The project's own suites on the candidate, their output as it comes. */
export function TestingPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const { deployment, session, output } = state;
  if (!deployment)
    return (
      <Lines
        lines={nothingYet('Testing', 'Nothing is being tested. Stage a candidate first: 2, then n.', width)}
        width={width}
        height={height}
      />
    );
  const { suites, suitesSkipped } = deployment.plan;
  const states = suites.map((suite) => stateOf(deployment, suite));
  const running = states.findIndex((s) => s.kind === 'running');
  const cursor = running >= 0 ? running : Math.min(session.cursors.testing, suites.length - 1);
  const counts = (status: SuiteResult['status']) =>
    deployment.suites.filter((r) => r.status === status).length;
  const passed = counts('passed');
  const failed = deployment.suites.length - passed;
  const shown = suites[cursor];
  const tail = tailOf(shown, states[cursor] ?? { kind: 'waiting' }, output);
  const at = states[cursor];
  const failures = at?.kind === 'ended' ? (at.result.failures ?? []) : [];
  const below: Line[] = [
    ...failures.slice(0, 3).map((text): Line => [span(safeText(text), 'bad')]),
    ...(deployment.testReport
      ? [[span('report ', 'quiet'), span(safeText(placeOf(deployment.testReport, deployment)))]]
      : []),
    ...(deployment.stages.testing.status === 'failed' ? failureLines(deployment, width).slice(0, 3) : []),
  ];
  const room = Math.max(0, height - 5 - Math.max(1, suites.length) - below.length);
  return (
    <Box flexDirection="column">
      <Lines
        lines={[
          heading(
            'Testing',
            [
              span(counted(suites.length, 'suite'), 'quiet'),
              span(passed > 0 ? ` · ✔ ${passed} passed` : '', 'ok'),
              span(failed > 0 ? ` · ✖ ${failed} failed` : '', 'bad'),
            ],
            width,
          ),
        ]}
        width={width}
        height={1}
      />
      <StatusRow deployment={deployment} width={width} />
      <Lines lines={[blank]} width={width} height={1} />
      {suites.length === 0 && (
        <LineText
          line={[
            span(safeText(suitesSkipped ?? 'orchestra.yaml names no suites: add them under suites:'), 'warn'),
          ]}
          width={width}
        />
      )}
      {suites.map((suite, i) => {
        const at = states[i] ?? { kind: 'waiting' };
        const line = suiteLine(suite, at, i === cursor);
        return at.kind === 'running' ? (
          <Box key={suite.name}>
            <LineText line={line.slice(0, 1)} width={2} />
            <LineText lead={<Spinner type="dots" />} line={line.slice(1)} width={width - 2} />
          </Box>
        ) : (
          <LineText
            key={suite.name}
            line={line}
            width={width}
            selected={running < 0 && i === cursor && session.focus === 'main'}
          />
        );
      })}
      <Lines lines={[blank, ...below]} width={width} height={1 + below.length} />
      {shown && room > 1 && (
        <Lines
          lines={[
            section(`output of ${safeText(shown.name)}`, width),
            ...(tail.length === 0
              ? [[span('nothing yet', 'quiet')]]
              : tail.slice(-(room - 1)).map((text) => [span(safeText(text))])),
          ]}
          width={width}
          height={room}
        />
      )}
    </Box>
  );
}
