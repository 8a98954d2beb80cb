import { createStore, type StoreApi } from 'zustand/vanilla';
import { initialState, type Session, type Size, type UiState } from './state.ts';

export type UiStore = StoreApi<UiState>;

/** The store of one terminal, before it is attached to an engine. `now` is in milliseconds since the epoch. */
export function createUiStore(size: Size, now: number): UiStore {
  return createStore<UiState>(() => initialState(size, now));
}

/** Replaces part of the session. The keys go into what is opened, and back to the list when it is closed. */
export function setSession(store: UiStore, part: Partial<Session>): void {
  store.setState(({ session }) => ({ session: { ...session, ...part, ...movedFocus(session, part) } }));
}

function movedFocus({ detail, focus }: Session, part: Partial<Session>): Partial<Session> {
  if (!('detail' in part) || part.focus !== undefined) return {};
  if (part.detail && !detail && focus === 'main') return { focus: 'drawer' };
  return !part.detail && focus === 'drawer' ? { focus: 'main' } : {};
}
