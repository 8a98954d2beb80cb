import type { Size } from './state.ts';

export interface Layout {
  width: number;
  height: number;
  /** Cells of the column of stages; below 10 there is room for their marks alone. */
  sidebar: number;
  /** What views, lists, dialogs and an open thing may draw on, inside the frame. */
  main: { width: number; height: number };
}

/** Below this, in columns or rows, no list has room beside the frame: the screen asks to be made larger. */
export const smallest: Size = { columns: 40, rows: 10 };

/** From this many columns on, what is opened stands beside its list. */
const drawerFrom = 140;

/** Cells between a list and its drawer: a rule with a space on either side. */
export const drawerRule = 3;

/** Whether the terminal is so small that nothing sensible fits. */
export function isTooSmall({ columns, rows }: Size): boolean {
  return columns < smallest.columns || rows < smallest.rows;
}

function sidebarOf(width: number): number {
  if (width < 60) return 5;
  return width < 180 ? 17 : 22;
}

/**
 * Divides the terminal, in cells; `status` is how many rows the status line takes. The height is one less than the
 * terminal's: at its full height the renderer would clear the screen for every frame. Below 20 × 8 it keeps that as a
 * floor and the terminal cuts off the rest.
 */
export function layoutOf(size: Size, status = 1): Layout {
  const width = Math.max(20, size.columns);
  const height = Math.max(8, size.rows - 1);
  const sidebar = sidebarOf(width);
  return { width, height, sidebar, main: { width: width - sidebar - 5, height: height - 2 - status } };
}

/** Whether what stands open has room beside its list; below that it takes the list's place. */
export function hasDrawer({ columns }: Size): boolean {
  return columns >= drawerFrom;
}

/** The main part's width as list and drawer: half each, and of a very wide screen more for what is read. */
export function splitWidth(width: number): { list: number; drawer: number } {
  const both = width - drawerRule;
  const list = Math.min(Math.floor(both / 2), 110);
  return { list, drawer: both - list };
}
