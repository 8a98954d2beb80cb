import { setSession } from '../create-store.ts';
import { openPicker } from '../picker.ts';
import { themeNames, themes } from '../themes.ts';
import type { UiCommand } from './command.ts';

/** How the screen looks; chosen once, kept for this person. */
export const appearance: readonly UiCommand[] = [
  {
    id: 'theme',
    keys: ['T'],
    shown: 'T',
    label: 'theme',
    whyNot: ({ session }) =>
      session.colourDepth === 0 ? 'this terminal has no colours, or NO_COLOR is set' : undefined,
    run: (store, { session }) =>
      openPicker(store, {
        title: 'Theme',
        at: Math.max(0, themeNames.indexOf(session.theme)),
        options: themeNames.map((name) => ({
          ...themes[name],
          theme: name,
          run: () => setSession(store, { theme: name }),
        })),
      }),
  },
];
