import { Box, useInput } from 'ink';
import { lazy, Suspense, useCallback } from 'react';
import { useUi, useUiStore } from '../store/hooks.ts';
import { isTooSmall, layoutOf } from '../store/layout.ts';
import { themeInSight } from '../store/themes.ts';
import { Footer } from './Footer.tsx';
import { handleKey } from './input.ts';
import { keyNames } from './keys.ts';
import { Lines } from './Lines.tsx';
import { paletteOf } from './palettes.ts';
import { StageList } from './StageList.tsx';
import { StatusLine } from './StatusLine.tsx';
import { statusLines } from './status-lines.ts';
import { bordered, PaletteContext, span } from './theme.ts';
import { TitleLine } from './TitleLine.tsx';
import { TooSmall } from './TooSmall.tsx';

/** Everything the first frame can do without. */
const PaneHost = lazy(() => import('./PaneHost.tsx'));

/** The whole screen: title, stages, the open view, a status line and the keys. */
export function App({ onSuspend }: { onSuspend: () => void }) {
  const store = useUiStore();
  const size = useUi((state) => state.session.size);
  const statusRows = useUi((state) => statusLines(state, layoutOf(size).width - 2).length);
  const palette = useUi(({ session, rank }) => paletteOf(themeInSight(session, rank), session.colourDepth));
  useInput(
    useCallback(
      (input, key) => {
        for (const name of keyNames(input, key)) {
          if (name === 'ctrl+z') onSuspend();
          else handleKey(store, name);
        }
      },
      [store, onSuspend],
    ),
  );
  if (isTooSmall(size)) return <TooSmall size={size} />;
  const layout = layoutOf(size, statusRows);
  const { main } = layout;
  const loading = (
    <Lines lines={[[span('Looking at what waits to be shipped …', 'quiet')]]} width={main.width} height={1} />
  );
  const frame = bordered(palette.quiet);
  return (
    <PaletteContext.Provider value={palette}>
      <Box flexDirection="column" width="100%" height={layout.height}>
        <TitleLine width={layout.width} />
        <Box
          flexDirection="column"
          width={layout.width}
          height={layout.height - 2}
          borderStyle="single"
          borderTop={false}
          borderBottom={false}
          {...frame}
        >
          <Box height={main.height}>
            <Box
              width={layout.sidebar + 1}
              borderStyle="single"
              borderTop={false}
              borderBottom={false}
              borderLeft={false}
              {...frame}
            >
              <StageList width={layout.sidebar} height={main.height} />
            </Box>
            <Box width={main.width + 2} height={main.height} paddingX={1} overflow="hidden">
              <Suspense fallback={loading}>
                <PaneHost width={main.width} height={main.height} />
              </Suspense>
            </Box>
          </Box>
          <StatusLine width={layout.width - 2} />
        </Box>
        <Footer width={layout.width} />
      </Box>
    </PaletteContext.Provider>
  );
}
