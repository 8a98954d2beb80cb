import { setSession } from '../create-store.ts';
import { showView } from '../say.ts';
import { sorts } from '../state.ts';
import type { PaletteSource } from './source.ts';

/** Every order that what waits can stand in. */
export const orderEntries: PaletteSource = ({ session }) =>
  sorts.map((sort) => ({
    id: `order-${sort}`,
    label: `order by ${sort} first`,
    hint: 'Discovery, Selection',
    ...(sort === session.sort ? { whyNot: 'that is the order now' } : {}),
    run(store) {
      const { view, cursors } = store.getState().session;
      if (view !== 'discovery' && view !== 'selection') showView(store, 'discovery');
      setSession(store, { sort, cursors: { ...cursors, discovery: 0, selection: 0 } });
    },
  }));
