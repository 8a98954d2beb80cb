import { createStore, type StoreApi } from 'zustand/vanilla';
import { initialState, type Session, type Size, type UiState } from './state.ts';

export type UiStore = StoreApi<UiState>;

/** The store of one terminal, before it is attached to an engine. `now` is in milliseconds since the epoch. */
export function createUiStore(size: Size, now: number): UiStore {
  return createStore<UiState>(() => initialState(size, now));
}

/** Replaces part of the session. */
export function setSession(store: UiStore, part: Partial<Session>): void {
  store.setState((state) => ({ session: { ...state.session, ...part } }));
}
