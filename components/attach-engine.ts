import type { Orchestrator } from '../store/attach.ts';
import type { UiStore } from '../store/create-store.ts';

/** Attaches the engine to the store; a failure to load it becomes the card that the screen shows. */
export async function attachEngine(
  store: UiStore,
  load: () => Promise<Orchestrator>,
  now: () => number,
): Promise<void> {
  try {
    const [orchestrator, { attach }] = await Promise.all([load(), import('../store/attach.ts')]);
    const actor = await orchestrator.actor('ui');
    if (!store.getState().session.quitting) attach(store, orchestrator, { actor, now });
  } catch (error) {
    const { problemOf } = await import('../store/problem.ts');
    const problem = problemOf(error);
    store.setState({ discovery: { status: 'failed', problem }, config: { status: 'failed', problem } });
  }
}
