import type { Deployment } from '../src/domain/deployment.ts';
import { setSession, type UiStore } from './create-store.ts';
import type { Detail, Session } from './state.ts';

/** What stays in sight of an open text, whatever its lines are. */
export type Reveal =
  /** The end, also when more comes. */
  | { kind: 'end' }
  /** A line of the text, from 0. */
  | { kind: 'line'; line: number }
  /** An item of the checklist. */
  | { kind: 'item'; item: string }
  /** A place that was searched for; beyond the last comes the first again. */
  | { kind: 'hit'; hit: number };

/** How an open text is being read. */
export interface Reading {
  lines: readonly string[];
  /** Undefined where the person scrolls. */
  reveal?: Reveal | undefined;
  search?: { text: string; typing: boolean } | undefined;
}

export type PaperDetail = Extract<Detail, { kind: 'paper' }>;
export type OutputDetail = Extract<Detail, { kind: 'output' }>;

/** The text that stands open, where one does. */
export function openText({ detail }: Session): PaperDetail | OutputDetail | undefined {
  return detail?.kind === 'paper' || detail?.kind === 'output' ? detail : undefined;
}

/** Whether a paper is the checklist that can be ticked. */
export function isChecklist(path: string, deployment: Deployment | undefined): deployment is Deployment {
  return path.endsWith('/CHECKLIST.md') && deployment !== undefined && deployment.checklist.length > 0;
}

/** The checklist's item under the cursor, where the checklist stands open. */
export function currentItem(
  detail: Detail | undefined,
  deployment: Deployment | undefined,
): string | undefined {
  if (detail?.kind !== 'paper' || !isChecklist(detail.path, deployment)) return undefined;
  if (deployment.checklist.some(({ id }) => id === detail.item)) return detail.item;
  // What the program ticks itself is nothing to begin with.
  const open = ({ id, seen }: Deployment['checklist'][number]) =>
    seen === undefined && !deployment.ticks.some(({ item }) => item === id);
  return (deployment.checklist.find(open) ?? deployment.checklist[0])?.id;
}

function put(store: UiStore, open: PaperDetail | OutputDetail, part: Partial<Reading>): void {
  setSession(store, { detail: { ...open, ...part } });
}

/** Moves in an open text: over the items of the checklist, else through its lines. False where none is open. */
export function moveReading(store: UiStore, by: number): boolean {
  const { session, deployment } = store.getState();
  const open = openText(session);
  if (!open) return false;
  const item = currentItem(open, deployment);
  if (open.kind === 'paper' && item !== undefined && deployment) {
    const ids = deployment.checklist.map(({ id }) => id);
    const next = ids[Math.max(0, Math.min(ids.indexOf(item) + by, ids.length - 1))] ?? item;
    setSession(store, { detail: { ...open, item: next, reveal: { kind: 'item', item: next } } });
    return true;
  }
  const { scroll, scrollLimit } = session;
  const to = Math.max(0, Math.min(Math.min(scroll, scrollLimit) + by, scrollLimit));
  const follows = open.kind === 'output' && by > 0 && to === scrollLimit;
  setSession(store, {
    scroll: to,
    detail: { ...open, reveal: follows ? { kind: 'end' } : undefined },
  });
  return true;
}

/** Begins to type what is searched for in the open text. */
export function beginSearch(store: UiStore): void {
  const open = openText(store.getState().session);
  if (open) put(store, open, { search: { text: '', typing: true } });
}

/** Goes to the next place that was searched for, or with −1 to the one before. */
export function stepHit(store: UiStore, by: 1 | -1): void {
  const open = openText(store.getState().session);
  if (!open?.search) return;
  const hit = open.reveal?.kind === 'hit' ? open.reveal.hit + by : 0;
  put(store, open, { reveal: { kind: 'hit', hit } });
}

/** Ends a search, where one is shown; false where none is. */
export function endSearch(store: UiStore): boolean {
  const open = openText(store.getState().session);
  if (!open?.search) return false;
  put(store, open, { search: undefined, reveal: open.reveal?.kind === 'hit' ? undefined : open.reveal });
  return true;
}

/** Takes a key while a search is being typed; false where none is. Names are those of `keyNames`. */
export function typeIntoSearch(store: UiStore, key: string): boolean {
  const open = openText(store.getState().session);
  if (!open?.search?.typing) return false;
  const { text } = open.search;
  const shows = (search: string) =>
    put(store, open, { search: { text: search, typing: true }, reveal: { kind: 'hit', hit: 0 } });
  if (key === 'esc') endSearch(store);
  else if (key === 'enter' || key === 'down') {
    if (text === '') endSearch(store);
    else put(store, open, { search: { text, typing: false } });
  } else if (key === 'backspace') shows([...text].slice(0, -1).join(''));
  else {
    const character = key === 'space' ? ' ' : key;
    if ([...character].length === 1 && text.length < 200) shows(text + character);
  }
  return true;
}
