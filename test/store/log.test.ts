import { describe, expect, it } from 'vitest';
import { eventLines } from '../../components/details/event.ts';
import { logLines } from '../../components/panes/LogPane.tsx';
import type { Event, EventBody } from '../../src/domain/event.ts';
import { perform } from '../../store/commands/registry.ts';
import { createUiStore, setSession } from '../../store/create-store.ts';
import { noEvents } from '../../store/event-log.ts';
import { eventText } from '../../store/event-text.ts';
import { currentEvent, logPlace, logRows } from '../../store/log.ts';
import { JournalBuilder } from '../harness/journal.ts';

const journal = () =>
  new JournalBuilder().requested().staged().advance('testing').tested().advance('learning').rollingOut(2);

function opened() {
  const { events } = journal();
  const store = createUiStore({ columns: 100, rows: 30 }, 0);
  store.setState(({ log }) => ({ events: noEvents.with(events), log: { ...log, textOf: eventText } }));
  setSession(store, { view: 'log' });
  return {
    store,
    events,
    /** Another event happens. */
    add(body: EventBody = { type: 'learned', effect: 'learn', lessons: [] }): Event {
      const seq = store.getState().events.length + 1;
      const event = { seq, deployment: journal().id, at: '2026-11-21T10:20:00.000Z', ...body };
      store.setState((state) => ({ events: state.events.with([event]) }));
      return event;
    },
    listed: () => {
      const rows = logRows(store.getState());
      return Array.from({ length: rows.length }, (_, i) => rows.at(i)?.type);
    },
  };
}

describe('the log of events', () => {
  it('W5 stays at the newest until one moves away, and follows again at the end or by F', () => {
    const l = opened();
    const newest = () => currentEvent(l.store.getState())?.seq;
    expect(newest()).toBe(l.events.length);
    l.add();
    expect(newest()).toBe(l.events.length + 1);
    perform(l.store, 'up');
    const held = newest();
    l.add();
    expect(newest(), 'it is held').toBe(held);
    perform(l.store, 'bottom');
    expect(l.store.getState().log.at).toBeUndefined();
    perform(l.store, 'up');
    perform(l.store, 'follow-log');
    l.add();
    expect(newest()).toBe(l.events.length + 3);
  });

  it('W5 lists the newest first where a person wants that; the keys go the way they look', () => {
    const l = opened();
    perform(l.store, 'log-order');
    perform(l.store, 'down');
    expect(currentEvent(l.store.getState())?.seq).toBe(l.events.length - 1);
    perform(l.store, 'top');
    expect(l.store.getState().log.at).toBeUndefined();
  });

  it('W5 finds events by the words a line of it says, and by what kind they are', () => {
    const l = opened();
    setSession(l.store, { filter: { view: 'log', text: 'candidate built', typing: false } });
    expect(l.listed()).toEqual(['candidate.built']);
    setSession(l.store, { filter: undefined });
    l.store.setState(({ log }) => ({ log: { ...log, group: 'people' } }));
    expect(new Set(l.listed())).toEqual(
      new Set(['deployment.requested', 'deployment.waiting', 'command.received']),
    );
    l.store.setState(({ log }) => ({ log: { ...log, group: 'course' } }));
    expect(l.listed()).not.toContain('measured');
  });

  it('W5 keeps its place beside an event that is not listed any more', () => {
    const l = opened();
    const rows = noEvents.with(l.events.filter(({ seq }) => seq % 5 === 0));
    expect(rows.at(logPlace(rows, 12))?.seq).toBe(10);
    expect(logPlace(rows, 1)).toBe(0);
    expect(logPlace(rows, undefined)).toBe(rows.length - 1);
  });

  it('W5 goes from an event to what it is about', () => {
    const l = opened();
    const deployment = { id: l.events[0]?.deployment };
    const suite = l.events.findLast((e) => e.type === 'suite.finished');
    l.store.setState(({ log }) => ({
      log: { ...log, at: suite?.seq },
      deployment: { ...deployment, plan: { suites: [{ name: 'unit' }, { name: 'smoke' }] } } as never,
    }));
    perform(l.store, 'go-to-subject');
    expect(l.store.getState().session.view).toBe('testing');
    expect(l.store.getState().session.cursors.testing).toBe(1);
  });

  it('W5 opens an event with all its fields, safe to draw', () => {
    const l = opened();
    const event = l.add({
      type: 'measurement.failed',
      phase: 1,
      reason: 'no \u001b]0;title\u0007 answer \u202e',
    });
    const text = eventLines(event, undefined, 60)
      .map((line) => line.map((s) => s.text).join(''))
      .join('\n');
    expect(text).toContain('measurement.failed');
    expect(text).toMatch(/phase 1/u);
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/u);
  });

  it('W5 draws the rows in sight around the newest, whichever way they stand', () => {
    const l = opened();
    const { log } = l.store.getState();
    const drawn = (order: 'newest-last' | 'newest-first') => {
      const shown = { rows: l.store.getState().events, log: { ...log, order }, phases: undefined };
      return logLines({ ...shown, deployment: 'd', count: l.events.length }, 80, 6);
    };
    expect(drawn('newest-last').selected).toBe(5);
    expect(drawn('newest-first').selected).toBe(1);
    expect(drawn('newest-last').lines).toHaveLength(6);
  });
});
