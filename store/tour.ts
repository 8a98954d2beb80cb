import { setSession, type UiStore } from './create-store.ts';
import { keepPersonal } from './personal.ts';

/** How many screens the tour has. */
export const tourScreens = 3;

/** Ends the tour; it is not shown by itself again. */
export function endTour(store: UiStore): void {
  setSession(store, { tour: undefined });
  keepPersonal(store, { tourSeen: true });
}

/** Takes a key while the tour is shown at `screen`; false where the key has its usual job to do as well. */
export function answerTour(store: UiStore, screen: number, key: string): boolean {
  if (key === 'left' && screen > 0) setSession(store, { tour: screen - 1 });
  else if ((key === 'enter' || key === 'right') && screen < tourScreens - 1)
    setSession(store, { tour: screen + 1 });
  else {
    endTour(store);
    return key === 'enter' || key === 'right' || key === 'esc';
  }
  return true;
}
