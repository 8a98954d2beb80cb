import type { Orchestrator } from '../src/engine/orchestrator.ts';
import type { UiStore } from './create-store.ts';

/** Saves what is selected now with the choice behind it; where nobody chose there is nothing to keep. */
export async function saveChosen(store: UiStore, orchestrator: Orchestrator): Promise<void> {
  const { closed, choice } = store.getState().selection;
  if (closed && choice)
    await orchestrator.saveSelection({ ...closed, choice }, await orchestrator.actor('ui'));
}
