import type { Size } from './state.ts';

export interface Layout {
  width: number;
  height: number;
  sidebar: number;
  /** What a view may draw on, inside the frame. */
  main: { width: number; height: number };
}

/**
 * Divides the terminal, in cells. The height is one less than the terminal's: at its full height the renderer would
 * clear the screen for every frame. Below 20 × 8 it keeps that as a floor and the terminal cuts off the rest.
 */
export function layoutOf(size: Size): Layout {
  const width = Math.max(20, size.columns);
  const height = Math.max(8, size.rows - 1);
  const sidebar = width < 60 ? 5 : 17;
  return { width, height, sidebar, main: { width: width - sidebar - 5, height: height - 3 } };
}
