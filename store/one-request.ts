import type { UiStore } from './create-store.ts';
import { problemOf } from './problem.ts';
import { fail } from './say.ts';

/** One request of the engine at a time, `busy` shown while it runs; its failure becomes a line, never a crash. */
export async function oneRequest(store: UiStore, busy: string, work: () => Promise<void>): Promise<void> {
  if (store.getState().busy) return;
  store.setState({ busy });
  try {
    await work();
  } catch (error) {
    fail(store, problemOf(error));
  } finally {
    store.setState({ busy: undefined });
  }
}
