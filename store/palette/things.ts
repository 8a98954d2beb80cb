import { setSession, type UiStore } from '../create-store.ts';
import { historyRows } from '../history-list.ts';
import { discoveryRows, selectionRows } from '../rows.ts';
import { showView } from '../say.ts';
import type { Detail, View } from '../state.ts';
import type { PaletteSource } from './source.ts';

/** How many features and past deployments, the newest, can be found by name: a search looks at each at every key. */
const mostFeatures = 1000;
const mostDeployments = 500;

/** Opens a thing of a view's list: the cursor goes to it, and nothing stays hidden by a filter. */
function openThing(store: UiStore, view: View, at: number, detail?: Detail): void {
  if (at < 0) return;
  const { cursors } = store.getState().session;
  setSession(store, { cursors: { ...cursors, [view]: at } });
  if (detail) setSession(store, { detail, scroll: 0, scrollLimit: 0 });
  void store.getState().link?.open();
}

/** What waits, by id and title. */
export const featureEntries: PaletteSource = ({ discovery }) =>
  discovery.status !== 'loaded'
    ? []
    : discovery.discovery.features.slice(-mostFeatures).map(({ id, title, pullRequest, onBase }) => ({
        id: `feature-${id}`,
        label: pullRequest === undefined ? title : `#${pullRequest}  ${title}`,
        hint: id,
        run(store) {
          const view = store.getState().session.view === 'selection' || onBase ? 'selection' : 'discovery';
          showView(store, view);
          setSession(store, { filter: undefined });
          const rows = (view === 'selection' ? selectionRows : discoveryRows)(store.getState());
          openThing(
            store,
            view,
            rows.findIndex((row) => row.id === id),
            { kind: 'feature', id },
          );
        },
      }));

/** Past deployments, by id and what they shipped. */
export const deploymentEntries: PaletteSource = ({ history }) =>
  history.status !== 'loaded'
    ? []
    : history.rows.slice(0, mostDeployments).map((past) => ({
        id: `deployment-${past.id}`,
        label: `${past.id}  ${past.kind === 'rollback' ? `back to ${past.candidate ?? past.version ?? '–'}` : past.features.map(({ title }) => title).join(', ')}`,
        hint: `${past.outcome.replace('_', ' ')} · ${past.environment}`,
        run(store) {
          showView(store, 'history');
          setSession(store, { filter: undefined });
          openThing(
            store,
            'history',
            historyRows(store.getState()).findIndex((row) => row.id === past.id),
          );
        },
      }));
