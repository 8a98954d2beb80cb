import { hasDrawer } from './layout.ts';
import type { Session } from './state.ts';

/** Where the keys go: the stages, the view's list, or what stands open over or beside it. */
export type Focus = 'stages' | 'main' | 'drawer';

/** Which part has the keys now: where nothing is open nobody is in it, and what covers its list has the list's keys. */
export function focusOf({ focus, detail, size }: Session): Focus {
  if (focus === 'stages') return 'stages';
  if (!detail) return 'main';
  return hasDrawer(size) ? focus : 'drawer';
}

/** The part that comes `by` places after the one that has the keys, round and round. */
export function nextFocus(session: Session, by: 1 | -1): Focus {
  const parts: readonly Focus[] = !session.detail
    ? ['stages', 'main']
    : hasDrawer(session.size)
      ? ['stages', 'main', 'drawer']
      : ['stages', 'drawer'];
  const at = parts.indexOf(focusOf(session));
  return parts[(at + by + parts.length) % parts.length] ?? 'main';
}
