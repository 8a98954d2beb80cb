import { openPalette } from '../palette/palette.ts';
import type { UiCommand } from './command.ts';

/** The way to every command by its name; `all` gives them once they are there. */
export function paletteCommand(all: () => readonly UiCommand[]): UiCommand {
  return {
    id: 'palette',
    keys: [':', 'ctrl+p'],
    shown: ':',
    label: 'commands',
    footer: 2,
    run: (store) => openPalette(store, all()),
  };
}
