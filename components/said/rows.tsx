import { Box, render } from 'ink';
import type { UiStore } from '../../store/create-store.ts';
import { StoreContext } from '../../store/hooks.ts';
import PaneHost from '../PaneHost.tsx';
import { wrapped } from '../screen/wrapped.ts';

/** The cells of the page that is read; more than a screen, so that rows are whole. */
export const page = { width: 120, height: 36 };

/** Draws the open view on a page that nobody sees; `rows` gives it as it is now. */
export function drawUnseen(store: UiStore): { rows: () => string[]; unmount: () => void } {
  let drawn = '';
  const stdout = wrapped(
    process.stdout,
    new Map<string | symbol, unknown>([
      ['columns', page.width],
      ['rows', page.height],
      [
        'write',
        (text: string) => {
          drawn = text;
          return true;
        },
      ],
    ]),
  );
  const instance = render(
    <StoreContext.Provider value={store}>
      <Box width={page.width} height={page.height} overflow="hidden">
        <PaneHost width={page.width} height={page.height} />
      </Box>
    </StoreContext.Provider>,
    {
      stdout,
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
      isScreenReaderEnabled: false,
    },
  );
  return { rows: () => drawn.split('\n'), unmount: () => instance.unmount() };
}
