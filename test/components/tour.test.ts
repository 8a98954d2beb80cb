import { describe, expect, it } from 'vitest';
import { handleKey } from '../../components/input.ts';
import { tourLines } from '../../components/Tour.tsx';
import { perform } from '../../store/commands/registry.ts';
import { createUiStore, type UiStore } from '../../store/create-store.ts';
import { type Personal, takeUpPersonal } from '../../store/personal.ts';
import { tourScreens } from '../../store/tour.ts';

/** A store as the first frame has it, and what was kept of the person's choices. */
function opened(before: Personal, env: Record<string, string> = {}): { store: UiStore; kept: Personal[] } {
  const store = createUiStore({ columns: 80, rows: 24 }, 0);
  const kept: Personal[] = [];
  takeUpPersonal(store, { read: () => before, keep: (part) => kept.push(part) > 0 }, env);
  return { store, kept };
}

const tourOf = (store: UiStore) => store.getState().session.tour;

describe('the tour', () => {
  it('is shown to who was never here, and to nobody else', () => {
    expect(tourOf(opened({}).store)).toBe(0);
    expect(tourOf(opened({ tourSeen: true }).store)).toBeUndefined();
    expect(tourOf(opened({}, { ORCHESTRA_TOUR: '0' }).store)).toBeUndefined();
  });

  it('goes on with enter and →, back with ←, and is not shown again after its end', () => {
    const { store, kept } = opened({});
    handleKey(store, 'enter');
    expect(tourOf(store)).toBe(1);
    handleKey(store, 'left');
    expect(tourOf(store)).toBe(0);
    for (let i = 0; i < tourScreens; i += 1) handleKey(store, 'right');
    expect(tourOf(store)).toBeUndefined();
    expect(kept).toEqual([{ tourSeen: true }]);
    expect(store.getState().session).toMatchObject({ view: 'discovery', focus: 'main', detail: undefined });
  });

  it('ends with esc, which does nothing else', () => {
    const { store, kept } = opened({});
    handleKey(store, 'esc');
    expect(tourOf(store)).toBeUndefined();
    expect(kept).toEqual([{ tourSeen: true }]);
  });

  it.each([
    ['2', { view: 'selection' }],
    ['?', { help: true }],
    ['/', { filter: { view: 'discovery', text: '', typing: true } }],
    ['q', { quitting: true }],
    ['ctrl+c', { quitting: true }],
  ] as const)('ends with %s, which does its usual job', (key, does) => {
    const { store, kept } = opened({});
    handleKey(store, key);
    expect(tourOf(store)).toBeUndefined();
    expect(store.getState().session).toMatchObject(does);
    expect(kept).toEqual([{ tourSeen: true }]);
  });

  it('can be seen again', () => {
    const { store } = opened({ tourSeen: true });
    perform(store, 'tour');
    expect(tourOf(store)).toBe(0);
  });

  it('fits on the smallest screen that is promised, each key as the commands have it', () => {
    for (let screen = 0; screen < tourScreens; screen += 1) {
      const lines = tourLines(screen, 58).map((line) => line.map(({ text }) => text).join(''));
      expect(lines.length).toBeLessThanOrEqual(21);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(58);
      expect(lines.join('\n')).not.toContain('`');
    }
    const all = [0, 1, 2].flatMap((screen) => tourLines(screen, 90)).flat();
    for (const key of ['1', '6', 'space', 'enter', 'n', 'r', 'H', '?', ':'])
      expect(all).toContainEqual({ text: key, tone: 'accent', bold: true });
  });
});
