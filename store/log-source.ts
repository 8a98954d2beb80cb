import type { Orchestrator } from '../src/engine/orchestrator.ts';
import { inSentences } from '../src/domain/in-sentences.ts';
import type { Event } from '../src/domain/event.ts';
import { safeText } from '../src/domain/safe-text.ts';
import { setSession, type UiStore } from './create-store.ts';
import { noEvents } from './event-log.ts';
import { openPicker } from './picker.ts';
import { problemOf } from './problem.ts';
import { showView, tell } from './say.ts';

/** How long the events of a past deployment may take to be read, in milliseconds. */
const readMs = 20_000;

/** Past deployments that are offered; the view History has all. */
const offered = 200;

/** What the keys of Log ask of the engine. */
export interface LogSource {
  /** Shows the events of a past deployment, instead of those under way. */
  openLog(id: string): Promise<void>;
  /** Lists past deployments, and what is under way, to open one's events. */
  pickLog(): void;
}

/** Reads the events of past deployments for the log. */
export function createLogSource(store: UiStore, orchestrator: Orchestrator): LogSource {
  async function openLog(id: string): Promise<void> {
    if (store.getState().busy) return;
    store.setState({ busy: `the events of ${safeText(id, 60)} are being read` });
    try {
      let events = noEvents;
      let batch: Event[] = [];
      let count = 0;
      let phases: Extract<Event, { type: 'deployment.requested' }>['plan']['phases'] = [];
      const signal = AbortSignal.timeout(readMs);
      const record = await orchestrator.get(id);
      for await (const event of orchestrator.follow(id, 0, signal)) {
        if (event.type === 'deployment.requested') ({ phases } = event.plan);
        count++;
        batch.push(event);
        if (batch.length >= 1000) events = events.with(batch.splice(0));
        if (record && event.seq >= record.seq) break;
      }
      events = events.with(batch);
      store.setState(({ log }) => ({ log: { ...log, at: undefined, past: { id, phases, events, count } } }));
      showView(store, 'log');
      setSession(store, { filter: undefined });
      if (signal.aborted)
        tell(store, `${id} took too long to be read: its first ${count} events are shown.`, 'warn');
    } catch (error) {
      tell(store, inSentences(problemOf(error)), 'error');
    } finally {
      store.setState({ busy: undefined });
    }
  }

  return {
    openLog,
    pickLog() {
      const { history, deployment, log } = store.getState();
      const rows = history.status === 'loaded' ? history.rows : [];
      openPicker(store, {
        title: 'Whose events?',
        options: [
          ...(deployment
            ? [
                {
                  label: deployment.id,
                  hint: 'as they happen, in this terminal',
                  run: () => store.setState({ log: { ...log, at: undefined, past: undefined } }),
                },
              ]
            : []),
          ...rows.slice(0, offered).map((row) => ({
            label: row.id,
            hint: `${row.outcome.replace('_', ' ')}, ${row.environment}: ${row.reason}`,
            run: () => void openLog(row.id),
          })),
        ],
      });
    },
  };
}
