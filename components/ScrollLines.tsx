import { createContext, useContext, useEffect } from 'react';
import { setSession } from '../store/create-store.ts';
import { useUiStore } from '../store/hooks.ts';
import { Lines } from './Lines.tsx';
import type { Line } from './theme.ts';

interface ScrollLinesProps {
  lines: readonly Line[];
  width: number;
  height: number;
  /** The first line to show, as far as there is one. */
  from: number;
}

/** Whether something else stands open beside these lines, whose length is then the one that counts. */
export const Beside = createContext(false);

/** Lines that may be more than fit; it lets the store know how far they can be scrolled. */
export function ScrollLines({ lines, width, height, from }: ScrollLinesProps) {
  const store = useUiStore();
  const limit = Math.max(0, lines.length - height);
  const beside = useContext(Beside);
  useEffect(() => {
    if (!beside && store.getState().session.scrollLimit !== limit) setSession(store, { scrollLimit: limit });
  }, [store, limit, beside]);
  const at = Math.min(from, limit);
  return <Lines lines={lines.slice(at, at + height)} width={width} height={height} />;
}
