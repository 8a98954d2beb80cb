import type { UiStore } from '../create-store.ts';
import { tell } from '../say.ts';
import type { Detail, UiState, View } from '../state.ts';

/** What a person can do: a key, a word in the footer, a line under `?`, an entry of the palette. */
export interface UiCommand {
  id: string;
  /** Key names, as `keyNames` gives them; none where only the palette has it. */
  keys: readonly string[];
  /** The keys as people read them. */
  shown: string;
  /** What it does, in the present state. */
  label: string | ((state: UiState) => string);
  /** Where it works; everywhere when left out. */
  views?: readonly View[];
  /** Works only while such a detail stands open, whatever the view; where that has the keys it comes before all others. */
  details?: readonly Detail['kind'][];
  /** Its place in the footer, 1 first to stay when it gets narrow; only under `?` when left out. */
  footer?: number;
  /** Why it can do nothing now, for the footer, the help and the toast; undefined when it can. */
  whyNot?: (state: UiState) => string | undefined;
  run: (store: UiStore, state: UiState) => void;
}

/** What a command does, in the present state. */
export function labelOf({ label }: UiCommand, state: UiState): string {
  return typeof label === 'string' ? label : label(state);
}

/** Carries out a command, or says why it cannot be. */
export function carryOut(store: UiStore, command: UiCommand): void {
  const state = store.getState();
  const why = command.whyNot?.(state);
  if (why !== undefined) return tell(store, `Not now: ${why.replace(/\.$/, '')}.`, 'warn');
  command.run(store, state);
}
