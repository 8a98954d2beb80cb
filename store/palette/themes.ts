import { setSession } from '../create-store.ts';
import { themeNames, themes } from '../themes.ts';
import type { PaletteSource } from './source.ts';

/** Every theme, shown while the cursor stands on it. */
export const themeEntries: PaletteSource = ({ session }) =>
  session.colourDepth === 0
    ? []
    : themeNames.map((theme) => ({
        id: `theme-${theme}`,
        label: `theme ${themes[theme].label}`,
        hint: themes[theme].hint,
        theme,
        run: (store) => setSession(store, { theme }),
      }));
