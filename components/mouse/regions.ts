import type { DOMElement } from 'ink';
import { type RefCallback, useCallback } from 'react';
import type { Line } from '../theme.ts';

/** The boxes of rows that are on the screen, each with its lines from top to bottom. */
const regions = new Map<DOMElement, readonly Line[]>();

/** Makes the lines of a box known to the mouse; give the box what this returns as `ref`. */
export function useRegion(lines: readonly Line[]): RefCallback<DOMElement> {
  return useCallback(
    (box: DOMElement) => {
      regions.set(box, lines);
      return () => void regions.delete(box);
    },
    [lines],
  );
}

/** Where a box begins on the screen, in cells, and how large it is. */
function placeOf(node: DOMElement): { left: number; top: number; width: number; height: number } {
  const own = node.yogaNode?.getComputedLayout();
  let left = 0;
  let top = 0;
  for (let at: DOMElement | undefined = node; at?.yogaNode; at = at.parentNode) {
    left += at.yogaNode.getComputedLeft();
    top += at.yogaNode.getComputedTop();
  }
  return { left, top, width: own?.width ?? 0, height: own?.height ?? 0 };
}

/** The mark before every row that a cursor can stand on, as the panes draw it: `▸ ` where it stands. */
function cursorMark([first]: Line): 'here' | 'away' | undefined {
  if (first?.tone !== 'accent' || first.bold !== true) return undefined;
  if (first.text === '▸ ') return 'here';
  return first.text === '  ' ? 'away' : undefined;
}

/** How many rows below the cursor (above: negative) the row in that cell is; undefined where none is. */
export function rowsFromCursor(x: number, y: number): number | undefined {
  for (const [box, lines] of regions) {
    const { left, top, width, height } = placeOf(box);
    if (x < left || x >= left + width || y < top || y >= top + height) continue;
    const marks = lines.map(cursorMark);
    const cursor = marks.indexOf('here');
    const at = y - top;
    if (cursor === -1 || marks[at] === undefined) continue;
    const between = marks.slice(Math.min(at, cursor), Math.max(at, cursor)).filter(Boolean).length;
    return at < cursor ? -between : between;
  }
  return undefined;
}
