import type { Discovery } from '../../src/domain/feature.ts';
import { hasDrawer } from '../../store/layout.ts';
import { selectionRows } from '../../store/rows.ts';
import { lookupOf } from '../../store/selection/closed.ts';
import type { UiState } from '../../store/state.ts';
import { flagLegend } from '../feature-text.ts';
import { windowOf, wrap } from '../fit.ts';
import { type PaneProps, sectionWith } from '../panes/pane.ts';
import { blank, type Line, span } from '../theme.ts';
import { listedUnderHeads } from './list.ts';
import { proofLines } from './proof-lines.ts';
import { reasonLines, toldLines } from './reasons.ts';
import { featureRow, type Shipping } from './row.ts';
import { nothingFound, totalsLines } from './totals-lines.ts';

export interface SelectionDrawn {
  top: Line[];
  /** Which of the top lines tells the proof's state. */
  proofAt: number;
  list: Line[];
  selected: number;
  below: Line[];
}

const wantedSets = new WeakMap<readonly string[], ReadonlySet<string>>();

function setOf(wanted: readonly string[]): ReadonlySet<string> {
  const set = wantedSets.get(wanted) ?? new Set(wanted);
  wantedSets.set(wanted, set);
  return set;
}

/** The pane's lines: totals, the rows in their buckets around the cursor, and the reasons below them. */
export function selectionLines(
  state: UiState,
  discovery: Discovery,
  { width, height }: PaneProps,
): SelectionDrawn {
  const { selection, session } = state;
  const rows = selectionRows(state);
  const shipping: Shipping = {
    wanted: setOf(selection.wanted),
    selected: lookupOf(selection.closed).selected,
  };
  const roomy = height >= 20;
  const top = totalsLines(state, discovery, rows.length, { width, roomy });
  const [proof, ...proofMore] = proofLines(selection.proof);
  const head = [...top, proof, ...proofMore.slice(0, roomy ? 5 : 1)];
  const cursor = Math.min(session.cursors.selection, rows.length - 1);
  const current = rows[cursor];
  // The open feature stands beside the list with all of this: below it only what the last toggle did is still news.
  const beside = session.detail?.kind === 'feature' && hasDrawer(session.size);
  const told = beside && current ? toldLines(current, discovery, selection, width) : [];
  const most = height >= 14 ? Math.max(5, Math.min(9, Math.floor(height / 3))) : 0;
  const below = beside ? Math.min(most, told.length > 0 ? told.length + 1 : 0) : most;
  const listHeight = Math.max(1, height - head.length - 1 - below);
  const listed = listedUnderHeads(rows, shipping.selected);
  const place = current ? listed.placeOf(cursor) : -1;
  const { from, to } = windowOf(listed.count, Math.max(0, place), listHeight);
  const list = listed.items(from, to).map((item): Line => {
    if ('head' in item) return [span(item.head, 'plain', true)];
    const feature = rows[item.at];
    return feature
      ? featureRow(feature, shipping, { discovery, selection, width }, item.at === cursor)
      : blank;
  });
  if (rows.length === 0 && shipping.selected.size > 0)
    list.push(...wrap(nothingFound, width).map((text): Line => [span(text, 'quiet')]));
  while (list.length < listHeight) list.push(blank);
  const reasons =
    below === 0 || !current ? [] : beside ? told : reasonLines(current, discovery, selection, width);
  return {
    top: head,
    proofAt: top.length,
    list,
    selected: place - from,
    below:
      below > 0
        ? [sectionWith(beside ? 'last change' : 'why', flagLegend, width), ...reasons.slice(0, below - 1)]
        : [],
  };
}
