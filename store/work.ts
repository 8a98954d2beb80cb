import type { UiState } from './state.ts';

/** What a person waits for now, in words; undefined when for nothing. */
export function workOf({ busy, discovery }: UiState): string | undefined {
  return busy ?? (discovery.status === 'loading' ? 'what waits is being read' : undefined);
}

/** For how many whole seconds that has been going on; 0 in the first one. */
export function workSeconds({ session }: UiState): number {
  return session.workSince === undefined
    ? 0
    : Math.max(0, Math.floor((session.now - session.workSince) / 1000));
}
