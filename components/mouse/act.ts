import { move } from '../../store/commands/moving.ts';
import { setSession, type UiStore } from '../../store/create-store.ts';
import { focusOf, type Focus } from '../../store/focus.ts';
import { hasDrawer, isTooSmall, type Layout, layoutOf, splitWidth } from '../../store/layout.ts';
import { showView } from '../../store/say.ts';
import type { UiState } from '../../store/state.ts';
import { footerKeyAt } from '../Footer.tsx';
import { handleKey } from '../input.ts';
import type { MouseReport } from '../screen/mouse-reports.ts';
import { viewRows } from '../StageList.tsx';
import { statusLines } from '../status-lines.ts';
import { rowsFromCursor } from './regions.ts';

/** Rows that a step of the wheel goes. */
const wheelStep = 3;

/** How the screen is divided now. */
function layoutNow(state: UiState): Layout {
  const { size } = state.session;
  return layoutOf(size, statusLines(state, layoutOf(size).width - 2).length);
}

/** Which part of the screen a cell belongs to. */
function partAt(state: UiState, x: number, y: number): Focus | 'title' | 'status' | 'footer' {
  const { session } = state;
  const layout = layoutNow(state);
  if (y === 0) return 'title';
  if (y >= layout.height - 1) return 'footer';
  if (y > layout.main.height) return 'status';
  if (x <= layout.sidebar) return 'stages';
  if (!session.detail) return 'main';
  const list = layout.sidebar + 3 + splitWidth(layout.main.width).list;
  return !hasDrawer(session.size) || x > list ? 'drawer' : 'main';
}

function press(store: UiStore, { x, y }: MouseReport): void {
  const state = store.getState();
  const { session } = state;
  const part = partAt(state, x, y);
  if (part === 'footer') {
    const key = footerKeyAt(state, layoutOf(session.size).width, x);
    if (key !== undefined) handleKey(store, key);
    return;
  }
  if (session.picker) {
    const by = rowsFromCursor(x, y);
    if (by === undefined) return;
    for (let i = 0; i < Math.abs(by); i += 1) handleKey(store, by < 0 ? 'up' : 'down');
    if (by === 0) handleKey(store, 'enter');
    return;
  }
  if (session.tour !== undefined) return handleKey(store, 'enter');
  if (part === 'status') return setSession(store, { toast: undefined });
  if (part === 'stages') {
    const view = viewRows(session.view, layoutNow(state).main.height)[y - 1];
    if (view) showView(store, view);
    return;
  }
  if (part === 'title' || session.help) return;
  const by = rowsFromCursor(x, y);
  const entered = focusOf(session) === part;
  setSession(store, { focus: part });
  if (by === undefined) return;
  if (by !== 0) move(store, by);
  else if (entered) handleKey(store, 'enter');
}

function scroll(store: UiStore, { x, y }: MouseReport, by: number): void {
  const state = store.getState();
  const { session } = state;
  if (session.picker) {
    for (let i = 0; i < wheelStep; i += 1) handleKey(store, by < 0 ? 'up' : 'down');
    return;
  }
  const part = partAt(state, x, y);
  if (session.tour !== undefined || (part !== 'main' && part !== 'drawer')) return;
  setSession(store, { focus: part });
  move(store, by * wheelStep);
  setSession(store, { focus: session.focus });
}

/**
 * Does what a click or a step of the wheel means where it happened. A click on a row moves the cursor there, on the row
 * under the cursor it opens it. While a question is asked the mouse does nothing: nobody says yes by a slip.
 */
export function actOnMouse(store: UiStore, report: MouseReport): void {
  const { session } = store.getState();
  if (!session.mouse || session.dialog || isTooSmall(session.size)) return;
  if (report.kind === 'press') press(store, report);
  else scroll(store, report, report.kind === 'wheel-up' ? -1 : 1);
}
