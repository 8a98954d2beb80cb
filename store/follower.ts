import type { Actor } from '../src/domain/actor.ts';
import type { Event } from '../src/domain/event.ts';
import { evolve } from '../src/domain/evolve.ts';
import type { Orchestrator } from '../src/engine/orchestrator.ts';
import type { UiStore } from './create-store.ts';
import { noEvents } from './event-log.ts';
import { isActive } from './reasons.ts';
import { problemOf } from './problem.ts';
import { readOutputs } from './suite-outputs.ts';

/**
 * An event is taken in at once when none came for so long, else with all that come meanwhile: whoever waits for one sees it
 * as soon as it is there, and a hundred a second make nine frames.
 */
const restMs = 110;

/**
 * Follows one deployment: folds its journal into the store as it grows, and reads the output of the suite that runs.
 * `onFinished` is called once, after the last event. Meanwhile `by` is among those who work on it. Returns what ends the following.
 */
export function follow(
  store: UiStore,
  orchestrator: Orchestrator,
  id: string,
  onFinished: () => void,
  by?: Actor,
): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  let queue: Event[] = [];
  let resting: NodeJS.Timeout | undefined;
  let soon: NodeJS.Immediate | undefined;

  store.setState(({ log }) => ({
    deployment: undefined,
    attended: undefined,
    events: noEvents,
    log: { ...log, at: undefined },
    output: undefined,
    suitePast: undefined,
  }));

  function flush(): void {
    clearImmediate(soon);
    soon = undefined;
    if (signal.aborted || queue.length === 0) return;
    const batch = queue;
    queue = [];
    store.setState((state) => ({
      deployment: batch.reduce(evolve, state.deployment),
      events: state.events.with(batch),
    }));
    rest();
  }

  function rest(): void {
    clearTimeout(resting);
    resting = setTimeout(() => {
      resting = undefined;
      flush();
    }, restMs);
  }

  async function run(): Promise<void> {
    try {
      for await (const event of orchestrator.follow(id, 0, signal, by)) {
        queue.push(event);
        // Not before the events that were read with it are here too: a decision may be several.
        if (!resting) soon ??= setImmediate(flush);
      }
    } catch (error) {
      if (signal.aborted) return;
      const { message } = problemOf(error);
      store.setState((state) => ({
        session: { ...state.session, toast: { tone: 'error', text: `${id} cannot be followed: ${message}` } },
      }));
    }
    flush();
    if (signal.aborted) return;
    if (!isActive(store.getState().deployment)) onFinished();
  }

  const outputs = readOutputs(store, orchestrator, id, signal);

  void run();
  return () => {
    controller.abort();
    clearTimeout(resting);
    clearImmediate(soon);
    clearInterval(outputs);
  };
}
