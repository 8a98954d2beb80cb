import type { Personal, PersonalFile } from '../src/ports/personal.ts';
import { setSession, type UiStore } from './create-store.ts';

export type { Personal, PersonalFile };

/**
 * Takes up what the person chose on this machine before, or what the environment says for this once
 * (`ORCHESTRA_TOUR=0`, `ORCHESTRA_MOUSE=1` or `0`). Who was never here is shown the tour.
 */
export function takeUpPersonal(
  store: UiStore,
  file: PersonalFile | undefined,
  env: Readonly<Record<string, string | undefined>>,
  { tourSeen = false, mouse = false }: Personal = file?.read() ?? {},
): void {
  const { ORCHESTRA_TOUR: tour, ORCHESTRA_MOUSE: asked } = env;
  store.setState({ personal: file });
  setSession(store, {
    ...(file && !tourSeen && tour !== '0' ? { tour: 0 } : {}),
    mouse: asked === '1' || (mouse && asked !== '0'),
  });
}

/** Keeps a choice for the next time; false where it could not be kept. */
export function keepPersonal(store: UiStore, part: Personal): boolean {
  return store.getState().personal?.keep(part) ?? false;
}
