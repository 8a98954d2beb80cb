import { carryOut, labelOf } from '../commands/command.ts';
import type { View } from '../state.ts';
import type { PaletteSource } from './source.ts';

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const named = (views: readonly View[]) => views.map(capital).join(', ');

/** Every command, with its key, and its reason where it cannot be used here or now. */
export const commandEntries: PaletteSource = (state, commands) =>
  commands
    .filter(({ id }) => id !== 'palette')
    .map((command) => {
      const { id, shown, views, details } = command;
      const place = details ? `in an open ${details.join(', ')}` : views && named(views);
      const label = labelOf(command, state);
      const whyNot =
        views && !views.includes(state.session.view)
          ? `it works in ${named(views)}`
          : command.whyNot?.(state);
      return {
        id,
        label: id.startsWith('view-') ? `go to ${label}` : label,
        hint: [shown, place].filter(Boolean).join(' · '),
        ...(whyNot === undefined ? {} : { whyNot }),
        run: (store) => carryOut(store, command),
      };
    });
