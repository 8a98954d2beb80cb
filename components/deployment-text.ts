import type { Deployment, StageState } from '../src/domain/deployment.ts';
import { safeText } from '../src/domain/safe-text.ts';
import { failingWords, testsHold } from '../src/domain/testing-verdict.ts';
import { effectText, outcomes } from '../store/event-text.ts';
import { wrap } from './fit.ts';
import { type Line, type Span, span } from './theme.ts';

export { decisionWord, effectText, eventText, outcomes, verdictTone } from '../store/event-text.ts';

/** What the deployment does or waits for; `moving` when something is under way. */
export function statusText(deployment: Deployment): { spans: Span[]; moving: boolean } {
  const { status, effect, phases } = deployment;
  switch (status.kind) {
    case 'running':
      return { spans: [span(effect ? effectText(effect, phases) : 'working', 'accent')], moving: true };
    case 'waiting':
      return status.after === 'testing' && testsHold(deployment)
        ? { spans: [span(safeText(`✖ ${failingWords(deployment)}`), 'bad', true)], moving: false }
        : { spans: [span(`${status.after} is done: n goes on`, 'accent', true)], moving: false };
    case 'paused':
      return { spans: [span('‖ paused: ', 'warn', true), span(safeText(status.reason))], moving: false };
    case 'rolling_back':
      return { spans: [span('↩ rolling back: ', 'warn', true), span(safeText(status.reason))], moving: true };
    case 'concluding':
    case 'finished': {
      const { text, mark, tone } = outcomes[status.outcome];
      return {
        spans: [span(`${mark} ${text}`, tone, true), span(`: ${safeText(status.reason)}`)],
        moving: false,
      };
    }
    default:
      return status satisfies never;
  }
}

/** A stage's state in a word. */
export function stageText(state: StageState): string {
  return state.status === 'pending' ? 'waits' : state.status === 'active' ? 'under way' : state.status;
}

/** `10:11:12` of an ISO time, in UTC as the journal has it. */
export function clockOf(at: string): string {
  return safeText(at).slice(11, 19);
}

/** The last failure, with its next step and the log lines that show it. */
export function failureLines(deployment: Deployment, width: number): Line[] {
  const { failure } = deployment;
  if (!failure) return [];
  return [
    ...wrap(`✖ ${safeText(failure.message)}`, width).map((text) => [span(text, 'bad')]),
    ...wrap(`→ ${safeText(failure.hint)}`, width).map((text) => [span(text)]),
    ...(failure.log ?? []).slice(-6).map((text) => [span(`  ${safeText(text)}`, 'quiet')]),
  ];
}
