import type { UiCommand } from '../commands/command.ts';
import type { UiStore } from '../create-store.ts';
import { openPicker } from '../picker.ts';
import type { UiState } from '../state.ts';
import { commandEntries } from './commands.ts';
import { environmentEntries } from './environments.ts';
import { orderEntries } from './orders.ts';
import type { PaletteEntry, PaletteSource } from './source.ts';
import { themeEntries } from './themes.ts';
import { deploymentEntries, featureEntries } from './things.ts';

/** What can be done, in the order it stands in; to add to the palette, add a source here. */
const deeds: readonly PaletteSource[] = [commandEntries, environmentEntries, orderEntries, themeEntries];

/** What can be opened; it comes last, there may be much of it. */
const things: readonly PaletteSource[] = [featureEntries, deploymentEntries];

/** Everything the palette finds now: what was used last, what can be done, what cannot and why, what can be opened. */
export function paletteEntries(state: UiState, commands: readonly UiCommand[]): readonly PaletteEntry[] {
  const from = (sources: readonly PaletteSource[]) => sources.flatMap((source) => source(state, commands));
  const done = from(deeds);
  const all = [
    ...done.filter(({ whyNot }) => whyNot === undefined),
    ...done.filter(({ whyNot }) => whyNot !== undefined),
    ...from(things),
  ];
  const byId = new Map(all.map((entry) => [entry.id, entry]));
  const used = state.session.recent.flatMap((id) => byId.get(id) ?? []);
  const usedIds = new Set(used.map(({ id }) => id));
  return [...used, ...all.filter(({ id }) => !usedIds.has(id))];
}

/** Opens the palette. */
export function openPalette(store: UiStore, commands: readonly UiCommand[]): void {
  openPicker(store, { title: 'Find a command', options: paletteEntries(store.getState(), commands) });
}
