import type { Orchestrator } from '../src/engine/orchestrator.ts';
import type { UiStore } from './create-store.ts';
import { isActive } from './reasons.ts';
import type { UiState } from './state.ts';

/** Looks once at what the deployment on the screen waits for; an answer about one that is not shown any more is dropped. */
export async function lookWhatItWaitsFor(
  store: UiStore,
  orchestrator: Pick<Orchestrator, 'attend'>,
): Promise<void> {
  const { deployment } = store.getState();
  if (!isActive(deployment)) return;
  const { id } = deployment;
  const { attention, agents } = await orchestrator.attend(deployment);
  store.setState((state) => (state.deployment?.id === id ? { attended: { id, attention, agents } } : {}));
}

/** What the deployment on the screen is stuck at; undefined where it is not. */
export function stuckAt({ deployment, attended }: Pick<UiState, 'deployment' | 'attended'>) {
  const { attention } = attended ?? {};
  return isActive(deployment) && attended?.id === deployment.id && attention?.stuck ? attention : undefined;
}

/** Whether what it is stuck at is a process that runs and does not answer. */
export function isUnanswered(state: Pick<UiState, 'deployment' | 'attended'>): boolean {
  return stuckAt(state)?.can.some(({ command }) => command.includes(' --force ')) ?? false;
}
