import type { Actor } from '../src/domain/actor.ts';
import { whyNotApprove } from '../src/domain/approvals.ts';
import { safeText } from '../src/domain/safe-text.ts';
import { inSentences } from '../src/domain/in-sentences.ts';
import type { EnvironmentsApart, Orchestrator } from '../src/engine/orchestrator.ts';
import { askLate } from './asking.ts';
import { setSession, type UiStore } from './create-store.ts';
import { approveDialog } from './dialogs.ts';
import { isAbort, problemOf } from './problem.ts';
import { currentEnvironment } from './rows.ts';
import { tell } from './say.ts';

/** How often the environments are looked at while somebody looks at them, in milliseconds. */
const lookEveryMs = 5000;

/** An age of minutes does not need to be drawn anew more often, in milliseconds. */
const ageEveryMs = 30_000;

/** What the keys of Environments ask of the engine. */
export interface Places {
  /** Makes the environment the one that all views work on. */
  useEnvironment(name: string): void;
  /** Marks the environment under the cursor, or compares it with the one that is marked. */
  markOrCompare(): Promise<void>;
  /** Prepares the dialog that gives the approval for which the environment under the cursor waits. */
  askApprove(): Promise<void>;
}

interface Context {
  actor: Actor;
  /** Follows a deployment from its first event. */
  watch: (id: string) => void;
  refresh: () => Promise<void>;
  now: () => number;
}

/** Looks at all environments as long as their view is open, and not otherwise; `stop` ends that. */
export function createPlaces(
  store: UiStore,
  orchestrator: Orchestrator,
  { actor, watch, refresh, now }: Context,
): Places & { stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let reading = false;
  let stopped = false;
  let again = false;
  const isOpen = () => !stopped && store.getState().session.view === 'environments';

  async function look(): Promise<void> {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    clearTimeout(timer);
    try {
      if (store.getState().reports.status !== 'loaded')
        await take(orchestrator.reportEnvironments({ quick: true }));
      if (isOpen()) await take(orchestrator.reportEnvironments());
    } catch (error) {
      if (!stopped && !isAbort(error)) {
        const problem = problemOf(error);
        if (store.getState().reports.status !== 'loaded')
          store.setState({ reports: { status: 'failed', problem } });
        else tell(store, `The environments cannot be looked at: ${inSentences(problem)}`, 'error');
      }
    } finally {
      reading = false;
    }
    if (!isOpen()) return;
    if (again) {
      again = false;
      await look();
    } else timer = setTimeout(() => void look(), lookEveryMs);
  }

  async function take(looked: ReturnType<Orchestrator['reportEnvironments']>): Promise<void> {
    const reports = await looked;
    if (stopped) return;
    const { reports: before } = store.getState();
    const same = before.status === 'loaded' && JSON.stringify(before.reports) === JSON.stringify(reports);
    if (same && now() - before.at < ageEveryMs) return;
    store.setState({ reports: { status: 'loaded', reports: same ? before.reports : reports, at: now() } });
  }

  const unsubscribe = store.subscribe((state, before) => {
    if (state.session.view !== 'environments') clearTimeout(timer);
    else if (before.session.view !== 'environments' || state.environments !== before.environments)
      void look();
  });
  if (isOpen()) void look();

  async function compare(a: string, b: string): Promise<void> {
    const show = (apart: EnvironmentsApart | undefined, problem?: string) => {
      const { detail } = store.getState().session;
      if (detail?.kind === 'apart' && detail.a === a && detail.b === b)
        setSession(store, {
          detail: { ...detail, ...(apart ? { apart } : {}), ...(problem === undefined ? {} : { problem }) },
        });
    };
    setSession(store, { detail: { kind: 'apart', a, b }, scroll: 0, scrollLimit: 0, markedPlace: undefined });
    try {
      show(await orchestrator.compareEnvironments(a, b));
    } catch (error) {
      show(undefined, inSentences(problemOf(error)));
    }
  }

  return {
    useEnvironment(name) {
      const row = store.getState().environments.find((e) => e.name === name);
      if (!row) return;
      store.setState({ environment: name, discovery: { status: 'loading' } });
      tell(store, `${safeText(name)} is the environment all views work on now.`);
      if (row.active !== undefined) watch(row.active);
      void refresh();
    },

    async markOrCompare() {
      const state = store.getState();
      const here = currentEnvironment(state)?.name;
      const { markedPlace: marked } = state.session;
      if (here === undefined) return;
      if (marked === here) setSession(store, { markedPlace: undefined });
      else if (marked === undefined) {
        setSession(store, { markedPlace: here });
        tell(store, `${safeText(here)} is marked: v on another one compares them.`);
      } else await compare(marked, here);
    },

    async askApprove() {
      const row = currentEnvironment(store.getState());
      if (!row) return;
      try {
        const found = (await orchestrator.active()).find((d) => d.environment === row.name);
        if (found?.approval?.kind !== 'requested')
          return tell(store, `${safeText(row.name)} waits for no approval any more.`, 'warn');
        const own = whyNotApprove(found, actor, new Date());
        if (own === undefined) askLate(store, approveDialog(found), 'p asks for the approval again');
        else tell(store, `Not now: ${safeText(own)}.`, 'warn');
      } catch (error) {
        tell(store, inSentences(problemOf(error)), 'error');
      }
    },

    stop() {
      stopped = true;
      unsubscribe();
      clearTimeout(timer);
    },
  };
}
