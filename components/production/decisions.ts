import type { Event } from '../../src/domain/event.ts';
import type { Phase } from '../../src/domain/plan.ts';
import type { Events } from '../../store/event-log.ts';
import { clockOf, eventText } from '../deployment-text.ts';
import { wrap } from '../fit.ts';
import { type Line, span } from '../theme.ts';

const told = new Set<Event['type']>([
  'action.finished',
  'command.received',
  'effect.failed',
  'measurement.failed',
  'phase.decided',
  'phase.started',
  'weight.set',
  'flag.set',
  'deployment.paused',
  'deployment.resumed',
  'rollback.started',
  'promoted',
  'verified',
  'culprit.found',
  'restored',
  'deployment.finished',
]);

/** Cells of `10:11:12 `. */
const clockWidth = 9;

/** The decisions and what led to them, newest first; looks that only say “go on watching” are left out. */
export function decisionLines(events: Events, phases: readonly Phase[], room: number, width: number): Line[] {
  const lines: Line[] = [];
  for (let i = events.length - 1; i >= 0 && lines.length < room; i -= 1) {
    const event = events.at(i);
    if (!event || !told.has(event.type)) continue;
    if (event.type === 'phase.decided' && event.decision.kind === 'wait') continue;
    const { text, tone } = eventText(event, phases);
    // Why a person's word was refused is read whole; of the others the beginning tells enough.
    const whole = event.type === 'command.received' && event.refused !== undefined;
    const [first = '', ...rest] = whole ? wrap(text, width - clockWidth) : [text];
    lines.push([span(`${clockOf(event.at)} `, 'quiet'), span(first, tone)]);
    lines.push(...rest.map((more): Line => [span(' '.repeat(clockWidth)), span(more, tone)]));
  }
  return lines.slice(0, room);
}
