import type { Event } from '../src/domain/event.ts';
import { setSession, type UiStore } from './create-store.ts';
import { currentEvent } from './log.ts';
import { historyRows } from './history-list.ts';
import { showView } from './say.ts';
import { stageViews, type UiState, type View } from './state.ts';

/** Where what an event tells of is to be seen; undefined where that is nowhere. */
function viewOf(event: Event): View | undefined {
  switch (event.type) {
    case 'stage.started':
    case 'stage.finished':
      return event.stage;
    case 'candidate.built':
    case 'papers.written':
      return 'staging';
    case 'suite.finished':
    case 'tests.reported':
      return 'testing';
    case 'learned':
      return 'learning';
    case 'effect.started':
      return viewOfStage(event.effect.id);
    case 'effect.failed':
    case 'action.finished':
      return viewOfStage(event.effect);
    case 'deployment.waiting':
      return event.after;
    case 'conductor.started':
    case 'deployment.requested':
    case 'command.received':
      return undefined;
    default:
      return 'production';
  }
}

/** Effects are called `deployment/stage/step/attempt`. */
function viewOfStage(effect: string): View | undefined {
  const stage = effect.split('/')[1];
  return stageViews.find((view) => view === stage);
}

/** Why the event under the cursor leads nowhere; undefined when it does. */
export function whyNotSubject(state: UiState): string | undefined {
  const event = currentEvent(state);
  if (!event) return 'no event is listed';
  if (event.deployment !== state.deployment?.id)
    return historyRows(state).some((row) => row.id === event.deployment)
      ? undefined
      : `${event.deployment} is not in the history yet`;
  return viewOf(event) === undefined ? 'it is about the deployment as a whole' : undefined;
}

/** Shows what an event is about: its stage, with the cursor on its suite or phase; of a past deployment its record. */
export function goToSubject(store: UiStore, event: Event): void {
  const state = store.getState();
  const { deployment, session } = state;
  if (event.deployment !== deployment?.id) {
    setSession(store, { filter: undefined });
    const at = historyRows(store.getState()).findIndex((row) => row.id === event.deployment);
    if (at < 0) return;
    showView(store, 'history');
    setSession(store, { cursors: { ...session.cursors, history: at } });
    void state.link?.open();
    return;
  }
  const view = viewOf(event);
  if (!view) return;
  showView(store, view);
  const at =
    event.type === 'suite.finished'
      ? deployment.plan.suites.findIndex((suite) => suite.name === event.result.suite)
      : 'phase' in event && typeof event.phase === 'number'
        ? event.phase
        : -1;
  if (at >= 0) setSession(store, { cursors: { ...session.cursors, [view]: at } });
}
