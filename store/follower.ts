import type { Event } from '../src/domain/event.ts';
import { evolve } from '../src/domain/evolve.ts';
import type { Orchestrator } from '../src/engine/orchestrator.ts';
import type { UiStore } from './create-store.ts';
import { isActive } from './reasons.ts';
import { problemOf } from './problem.ts';
import { readOutputs } from './suite-outputs.ts';

/** The log keeps this many events; the journal keeps all. */
export const logLimit = 2000;

/** Events are folded in together when they come close to each other: a frame at 30 a second. */
const batchMs = 33;

/**
 * Follows one deployment: folds its journal into the store as it grows, and reads the output of the suite that runs.
 * `onFinished` is called once, after the last event. Returns what ends the following.
 */
export function follow(
  store: UiStore,
  orchestrator: Orchestrator,
  id: string,
  onFinished: () => void,
): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  let queue: Event[] = [];
  let timer: NodeJS.Timeout | undefined;

  store.setState({ deployment: undefined, events: [], output: undefined, suitePast: undefined });

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (signal.aborted || queue.length === 0) return;
    const batch = queue;
    queue = [];
    store.setState((state) => ({
      deployment: batch.reduce(evolve, state.deployment),
      events: [...state.events, ...batch].slice(-logLimit),
    }));
  }

  async function run(): Promise<void> {
    try {
      for await (const event of orchestrator.follow(id, 0, signal)) {
        queue.push(event);
        timer ??= setTimeout(flush, batchMs);
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
    clearTimeout(timer);
    clearInterval(outputs);
  };
}
