import type { Actor } from '../src/domain/actor.ts';
import { safeText } from '../src/domain/safe-text.ts';
import type { Orchestrator } from '../src/engine/orchestrator.ts';
import { lookWhatItWaitsFor } from './attention.ts';
import { chooseDeployment } from './choose.ts';
import { setSession, type UiStore } from './create-store.ts';
import { environmentLooks } from './environment-looks.ts';
import { createFeatureReader } from './feature-reading.ts';
import { eventText } from './event-text.ts';
import { follow } from './follower.ts';
import { warmHistory } from './history-warming.ts';
import { rank } from './fuzzy.ts';
import { createImprovementsLook } from './improvements-look.ts';
import { createLink } from './intents.ts';
import { createAuditLook } from './audit-look.ts';
import { createChoicesLook } from './choices-look.ts';
import { createLogSource } from './log-source.ts';
import { createPlaces } from './places.ts';
import { isAbort, problemOf } from './problem.ts';
import { fail, tell, warn } from './say.ts';
import { createProver } from './prover.ts';
import { createRecordReader } from './record-reading.ts';
import { isActive } from './reasons.ts';
import { createWarmStartLook } from './warm-start.ts';
import { workOf } from './work.ts';

/** The engine as the terminal's entry loads it. */
export type { Orchestrator };

/** How long the status line says something that is no error: what it says may be over by then. */
const toastSeconds = 6;

/** How often it is looked whether a deployment began elsewhere: one folder is listed. */
const activeEveryMs = 2000;

/** How far discovery is, is said so often. */
const progressEveryMs = 200;

export interface AttachOptions {
  /** Whom the journals name for what is asked from this terminal. */
  actor: Actor;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/**
 * Connects the store to the engine: reads what waits, what serves and what happened, finds a deployment under way
 * and follows it. Nothing in here throws; failures become cards and lines in the store.
 */
export function attach(store: UiStore, orchestrator: Orchestrator, { actor, now }: AttachOptions): void {
  const controller = new AbortController();
  const { signal } = controller;
  const prover = createProver(store, orchestrator);
  const reader = createFeatureReader(store, orchestrator);
  const records = createRecordReader(store, orchestrator);
  const warmStart = createWarmStartLook(store, orchestrator);
  let following: { id: string; stop: () => void } | undefined;

  async function attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      fail(store, problemOf(error), what);
    }
  }

  const readSettings = async () => {
    try {
      const settings = await orchestrator.settings();
      store.setState({ config: { status: 'loaded', project: safeText(settings.project, 40) } });
    } catch (error) {
      store.setState({ config: { status: 'failed', problem: problemOf(error) } });
    }
  };

  const readEnvironments = async () => {
    if (store.getState().config.status !== 'loaded') return;
    const environments = await orchestrator.environments();
    if (signal.aborted) return;
    store.setState((state) => ({
      environment: state.environment ?? environments[0]?.name,
      environments:
        JSON.stringify(environments) === JSON.stringify(state.environments)
          ? state.environments
          : environments,
    }));
  };

  const readHistory = async () => {
    try {
      const rows = await orchestrator.history();
      if (signal.aborted) return;
      store.setState({ history: { status: 'loaded', rows } });
      warmHistory(rows, signal);
    } catch (error) {
      // Rows that were read before are still true of what they tell.
      if (store.getState().history.status !== 'loaded')
        store.setState({ history: { status: 'failed', problem: problemOf(error) } });
      throw error;
    }
  };

  const discover = async () => {
    const { environment } = store.getState();
    let toldAt = 0;
    try {
      const discovery = await orchestrator.discover({
        signal,
        progress(done, of) {
          if (done < of && performance.now() - toldAt < progressEveryMs) return;
          toldAt = performance.now();
          store.setState((state) =>
            state.discovery.status === 'loading'
              ? { discovery: { ...state.discovery, read: { done, of } } }
              : {},
          );
        },
        ...(environment ? { environment } : {}),
      });
      if (signal.aborted) return;
      const taken = await link.takeUp(discovery, signal);
      if (signal.aborted) return;
      store.setState({ discovery: { status: 'loaded', discovery } });
      link.chooseFirst(discovery, taken);
      warmStart.begin(discovery);
    } catch (error) {
      if (signal.aborted) return;
      store.setState({ discovery: { status: 'failed', problem: problemOf(error) } });
    }
  };

  const refresh = async () => {
    // What happened needs neither the settings nor what serves: who opens it first does not wait for them.
    const history = attempt('The history cannot be read', readHistory);
    await readSettings();
    await attempt('The environments cannot be read', readEnvironments);
    await Promise.all([discover(), history]);
    warn(store, orchestrator.takeWarnings());
  };

  function watch(id: string): void {
    if (following?.id === id) return;
    following?.stop();
    following = { id, stop: follow(store, orchestrator, id, () => void refresh(), actor) };
  }

  const findActive = async ({ arriving }: { arriving: boolean }) => {
    const chosen = chooseDeployment(await orchestrator.active(), store.getState().environment);
    if (signal.aborted || !chosen || isActive(store.getState().deployment)) return;
    store.setState({ environment: chosen.environment });
    watch(chosen.id);
    // Who looks at a stage already sees it fill there, and is not taken elsewhere.
    if (arriving || !['staging', 'testing', 'production'].includes(store.getState().session.view))
      link.showDeployment(chosen);
  };

  const recover = async () => {
    for (const found of await orchestrator.recover((text) => tell(store, safeText(text), 'warn')))
      tell(
        store,
        safeText(
          `${found.id} had lost its conductor: ${found.recovery === 'resume' ? 'it goes on' : 'it is rolled back'}. ${found.reason}`,
        ),
        'warn',
      );
  };

  const link = createLink(store, orchestrator, { actor, prover, watch, refresh });
  const { stop: stopPlaces, ...places } = createPlaces(store, orchestrator, { actor, watch, refresh, now });

  const { stop: stopImproving, ...improving } = createImprovementsLook(store, orchestrator, {
    actor,
    refresh,
  });

  const noteWork = () => {
    const working = workOf(store.getState()) !== undefined;
    setSession(store, { workSince: working ? now() : undefined, ...(working ? { now: now() } : {}) });
  };
  noteWork();
  const stopNoting = store.subscribe((state, before) => {
    if (workOf(state) !== workOf(before)) noteWork();
  });

  let polling = false;
  let said = { toast: store.getState().session.toast, seconds: 0 };
  const poll = setInterval(() => {
    const { toast } = store.getState().session;
    said = toast === said.toast ? { toast, seconds: said.seconds + 1 } : { toast, seconds: 0 };
    const stays = toast === undefined || toast.tone === 'error' || toast.stays === true;
    const over = !stays && said.seconds >= toastSeconds;
    store.setState((state) => {
      const { deployment, session } = state;
      const change = {
        ...(isActive(deployment) || workOf(state) !== undefined ? { now: now() } : {}),
        ...(over && session.toast === toast ? { toast: undefined } : {}),
      };
      return Object.keys(change).length > 0 ? { session: { ...session, ...change } } : {};
    });
  }, 1000);
  const due = environmentLooks();
  const pollEnvironments = setInterval(() => {
    if (polling) return;
    polling = true;
    void attempt('The environments cannot be read', async () => {
      if (due(store.getState().deployment)) await readEnvironments();
      if (isActive(store.getState().deployment)) await lookWhatItWaitsFor(store, orchestrator);
      else await findActive({ arriving: false });
    }).finally(() => {
      polling = false;
    });
  }, activeEveryMs);

  store.setState(({ log }) => ({
    log: { ...log, textOf: eventText },
    rank,
    link: {
      ...link,
      ...places,
      ...improving,
      ...createLogSource(store, orchestrator),
      ...createAuditLook(store, orchestrator),
      ...createChoicesLook(store, orchestrator, { actor, refresh }),
      refresh,
      detach() {
        controller.abort();
        prover.stop();
        stopPlaces();
        stopImproving();
        reader.stop();
        records.stop();
        warmStart.stop();
        following?.stop();
        stopNoting();
        clearInterval(poll);
        clearInterval(pollEnvironments);
        store.setState({ link: undefined });
      },
    },
  }));
  void attempt('The deployments under way cannot be read', () => findActive({ arriving: true }));
  void attempt('A deployment cannot be resumed', recover);
  void refresh();
}
