import type { MeasureReading, MeasureState } from './measure.ts';
import type { Verdict } from './verdict.ts';

const unread = (name: string): MeasureState => ({ name, errorsInRow: 0, inconclusiveInRow: 0 });

/** What is known of a measure; as before its first reading where there is none. */
export function stateOf(states: readonly MeasureState[], name: string): MeasureState {
  return states.find((state) => state.name === name) ?? unread(name);
}

/** The states with one more reading; one without a verdict is a baseline. Pure. */
export function takeReading(
  states: readonly MeasureState[],
  phase: number,
  reading: MeasureReading,
  verdict: Verdict | undefined,
): MeasureState[] {
  const state = stateOf(states, reading.measure);
  const next = verdict ? judged(state, phase, reading, verdict) : withBaseline(state, reading);
  return states.includes(state) ? states.map((s) => (s === state ? next : s)) : [...states, next];
}

function withBaseline(state: MeasureState, { stable }: MeasureReading): MeasureState {
  return stable ? { ...state, baseline: stable } : state;
}

function judged(state: MeasureState, phase: number, reading: MeasureReading, verdict: Verdict): MeasureState {
  const { failingSince: since, baseline, name } = state;
  const failingSince =
    verdict.kind === 'failed' ? (since ?? reading.at) : verdict.kind === 'passed' ? undefined : since;
  return {
    name,
    ...(baseline ? { baseline } : {}),
    last: { phase, reading, verdict },
    ...(failingSince === undefined ? {} : { failingSince }),
    errorsInRow: verdict.kind === 'error' ? state.errorsInRow + 1 : 0,
    inconclusiveInRow: verdict.kind === 'inconclusive' ? state.inconclusiveInRow + 1 : 0,
  };
}

/** Nothing of what was counted in a row counts any more: another phase begins, or a person ended a pause. */
export function watchedAnew(states: readonly MeasureState[]): MeasureState[] {
  return states.map(({ name, baseline, last }) => ({
    ...unread(name),
    ...(baseline ? { baseline } : {}),
    ...(last ? { last } : {}),
  }));
}
