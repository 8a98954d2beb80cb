import type { UiStore } from '../create-store.ts';
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
  /** Its place in the footer, 1 first to stay when it gets narrow; only under `?` when left out. */
  footer?: number;
  /** It belongs to an open text of these kinds, whose footer shows it then, and only then. */
  reading?: readonly Detail['kind'][];
  /** Why it can do nothing now, for the footer, the help and the toast; undefined when it can. */
  whyNot?: (state: UiState) => string | undefined;
  run: (store: UiStore, state: UiState) => void;
}
