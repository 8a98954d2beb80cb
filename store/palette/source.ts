import type { UiCommand } from '../commands/command.ts';
import type { PickerOption, UiState } from '../state.ts';

/** An entry of the palette: an option with an id, so that what was used lately comes first. */
export interface PaletteEntry extends PickerOption {
  id: string;
}

/** Something that has entries for the palette, as of now; made when it is opened. */
export type PaletteSource = (state: UiState, commands: readonly UiCommand[]) => readonly PaletteEntry[];
