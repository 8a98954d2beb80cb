import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { UiStore } from './create-store.ts';
import type { UiState } from './state.ts';

/** The store that the tree below draws. */
export const StoreContext = createContext<UiStore | undefined>(undefined);

/** The store itself, for dispatching. Throws outside a `StoreContext`. */
export function useUiStore(): UiStore {
  const store = useContext(StoreContext);
  if (!store) throw new Error('A component that reads the store stands outside StoreContext.');
  return store;
}

/** What `select` takes from the state; the component draws again when it changes. */
export function useUi<T>(select: (state: UiState) => T): T {
  return useStore(useUiStore(), select);
}
