import type { Event } from '../src/domain/event.ts';
import type { Phase } from '../src/domain/plan.ts';
import type { Events } from './event-log.ts';
import type { UiState } from './state.ts';

/** What a person can narrow the log to, in the order of the list. */
export const eventGroups = ['all', 'course', 'decisions', 'people', 'problems', 'readings'] as const;
export type EventGroup = (typeof eventGroups)[number];

/** What each group is called, and what is in it. */
export const groupWords: Readonly<Record<EventGroup, readonly [name: string, what: string]>> = {
  all: ['all events', 'as the journal has them'],
  course: ['without readings', 'stages, steps, traffic, words of people: all but what was measured'],
  decisions: ['decisions', 'go on, pause, roll back, promote, and why'],
  people: ['people', 'who asked for what'],
  problems: ['problems', 'failures, pauses, rollbacks and what could not be measured'],
  readings: ['readings', 'what was measured'],
};

export interface LogState {
  /** The event under the cursor, by its `seq`; undefined: the newest, whichever that is. */
  at: number | undefined;
  order: 'newest-last' | 'newest-first';
  group: EventGroup;
  /** An event in words, once they are loaded: what a filter looks through. */
  textOf: ((event: Event, phases: readonly Phase[] | undefined) => { text: string }) | undefined;
  /** A deployment of the past whose events are shown instead of those under way. */
  past: PastLog | undefined;
}

export interface PastLog {
  id: string;
  phases: readonly Phase[];
  events: Events;
  /** How many it has; the oldest of very many are not kept. */
  count: number;
}

export const liveLog: LogState = {
  at: undefined,
  order: 'newest-last',
  group: 'all',
  textOf: undefined,
  past: undefined,
};

const readings: ReadonlySet<Event['type']> = new Set(['measured', 'measure.read', 'measurement.failed']);

const decisions: ReadonlySet<Event['type']> = new Set([
  'phase.decided',
  'stage.finished',
  'approval.requested',
  'approval.given',
  'deployment.paused',
  'deployment.resumed',
  'rollback.started',
  'culprit.found',
  'promoted',
  'deployment.concluding',
  'deployment.finished',
]);

const people: ReadonlySet<Event['type']> = new Set([
  'deployment.requested',
  'command.received',
  'approval.requested',
  'approval.given',
  'deployment.waiting',
]);

function belongs(event: Event, group: EventGroup): boolean {
  switch (group) {
    case 'all':
      return true;
    case 'course':
      return !readings.has(event.type);
    case 'readings':
      return readings.has(event.type);
    case 'decisions':
      return decisions.has(event.type) && !(event.type === 'phase.decided' && event.decision.kind === 'wait');
    case 'people':
      return people.has(event.type);
    case 'problems':
      return isProblem(event);
    default:
      return group satisfies never;
  }
}

function isProblem(event: Event): boolean {
  switch (event.type) {
    case 'effect.failed':
    case 'measurement.failed':
    case 'stable.lost':
    case 'rollback.started':
    case 'deployment.paused':
    case 'culprit.found':
      return true;
    case 'stage.finished':
      return event.status === 'failed';
    case 'suite.finished':
      return event.result.status !== 'passed';
    case 'action.finished':
      return event.result.status === 'failed';
    case 'command.received':
      return event.refused !== undefined;
    case 'measure.read':
      return event.verdict !== undefined && ['failed', 'error'].includes(event.verdict.kind);
    case 'deployment.finished':
      return event.outcome !== 'succeeded';
    default:
      return false;
  }
}

const texts = new WeakMap<Event, string>();

/** What a filter looks through: all that a line of the log says, in lower case; made once an event. */
function haystackOf(event: Event, { log, deployment }: UiState): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const said = log.textOf?.(event, log.past ? log.past.phases : deployment?.plan.phases);
  const text = `${event.seq} ${event.type} ${said?.text ?? ''}`.toLowerCase();
  if (said) texts.set(event, text);
  return text;
}

let last: { events: Events; group: EventGroup; words: string; rows: Events } | undefined;

/** The events that the log lists, oldest first: of the deployment under way, or the past one that was opened. */
export function logRows(state: UiState): Events {
  const { events: live, log, session } = state;
  const events = log.past?.events ?? live;
  const words = session.filter?.view === 'log' ? session.filter.text.toLowerCase() : '';
  if (log.group === 'all' && words === '') return events;
  if (last && last.events === events && last.group === log.group && last.words === words) return last.rows;
  const wanted = words.split(/\s+/u).filter(Boolean);
  const rows: Event[] = [];
  for (let i = 0; i < events.length; i++) {
    const event = events.at(i);
    if (!event || !belongs(event, log.group)) continue;
    if (wanted.every((word) => haystackOf(event, state).includes(word))) rows.push(event);
  }
  last = { events, group: log.group, words, rows };
  return rows;
}

/** Which of the rows the cursor stands on; the newest while it follows, the nearest where the event is not listed. */
export function logPlace(rows: Events, at: number | undefined): number {
  if (at === undefined) return rows.length - 1;
  let [low, high] = [0, rows.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rows.at(middle)?.seq ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The event under the cursor. */
export function currentEvent(state: UiState): Event | undefined {
  const rows = logRows(state);
  return rows.length === 0 ? undefined : rows.at(logPlace(rows, state.log.at));
}

/** The log after its cursor moved by so many lines of the screen; at the newest it follows again. */
export function movedInLog(state: UiState, by: number): LogState {
  const { log } = state;
  const rows = logRows(state);
  const step = log.order === 'newest-last' ? by : -by;
  const place = Math.max(0, Math.min(rows.length - 1, logPlace(rows, log.at) + step));
  return { ...log, at: place >= rows.length - 1 ? undefined : rows.at(place)?.seq };
}
