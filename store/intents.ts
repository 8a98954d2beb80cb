import type { Actor } from '../src/domain/actor.ts';
import type { Command } from '../src/domain/command.ts';
import { missingYeses } from '../src/domain/approvals.ts';
import { counted } from '../src/domain/counted.ts';
import type { Deployment } from '../src/domain/deployment.ts';
import { safeText } from '../src/domain/safe-text.ts';
import type { Orchestrator } from '../src/engine/orchestrator.ts';
import { ask as askPerson, askLate } from './asking.ts';
import type { AuditLook } from './audit-look.ts';
import { viewOf } from './choose.ts';
import type { ChoicesLook } from './choices-look.ts';
import { createChoosing, type Choosing } from './choosing.ts';
import type { UiStore } from './create-store.ts';
import { isUnanswered, stuckAt } from './attention.ts';
import {
  askAbortDialog,
  emergencyDialog,
  forceDialog,
  rollBackDialog,
  rollOutDialog,
  unlockDialog,
} from './dialogs.ts';
import type { ImprovementsLook } from './improvements-look.ts';
import type { Link } from './link.ts';
import { noEvents } from './event-log.ts';
import type { LogSource } from './log-source.ts';
import { createPapers } from './papers.ts';
import type { Places } from './places.ts';
import { oneRequest } from './one-request.ts';
import { showView, tell } from './say.ts';
import type { Prover } from './prover.ts';
import { isActive, isRollingOut, showsEnded, waitsForTime } from './reasons.ts';
import { historyRows } from './history-list.ts';
import { createRecords, type Records } from './records.ts';
import { createResting, type Resting } from './rest.ts';
import { createRollout, type Rollout } from './rollout.ts';
import { countOf } from './rows.ts';
import { saveChosen } from './saving.ts';

interface Context {
  actor: Actor;
  prover: Prover;
  /** Follows a deployment from its first event. */
  watch: (id: string) => void;
  refresh: () => Promise<void>;
}

interface FullLink
  extends
    Omit<
      Link,
      | 'refresh'
      | 'detach'
      | keyof AuditLook
      | keyof ChoicesLook
      | keyof ImprovementsLook
      | keyof Places
      | keyof LogSource
    >,
    Choosing,
    Records,
    Resting,
    Rollout {
  /** Opens the view of the stage that a deployment is in. */
  showDeployment(deployment: Deployment): void;
}

/** What the keys ask of the engine, carried out against `orchestrator`; every answer goes into the store. */
export function createLink(store: UiStore, orchestrator: Orchestrator, context: Context): FullLink {
  const { actor, prover, watch, refresh } = context;

  const ask = (busy: string, work: () => Promise<void>) => oneRequest(store, busy, work);

  async function command(id: string, what: Command, done: string, why?: string): Promise<boolean> {
    const { refused } = await orchestrator.command(id, what, actor, why);
    if (refused !== undefined) tell(store, `Refused: ${safeText(refused)}`, 'warn');
    else tell(store, done);
    return refused === undefined;
  }

  /** Where its conductor does not answer, a request would wait for ever. */
  function abortDialog(deployment: Deployment) {
    const stuck = isUnanswered(store.getState()) ? stuckAt(store.getState()) : undefined;
    return stuck ? forceDialog(deployment, safeText(stuck.what)) : askAbortDialog(deployment);
  }

  async function stage(): Promise<void> {
    const { environment, selection, rollout } = store.getState();
    if (!environment || !selection.closed) return;
    const strategy = rollout?.environment === environment ? rollout.strategy : undefined;
    await ask('the candidate is being requested', async () => {
      await saveChosen(store, orchestrator);
      const id = await orchestrator.deploy({
        environment,
        what: { kind: 'select', wanted: { kind: 'ids', ids: [...selection.wanted] } },
        by: actor,
        through: 'staging',
        unattended: false,
        ...(strategy !== undefined && { strategy }),
      });
      watch(id);
      store.setState({ rollout: undefined });
      showView(store, 'staging');
      tell(store, `${id} builds the candidate.`);
    });
  }

  const papers = createPapers(store, orchestrator, { ask, command });

  const records = createRecords(store, orchestrator);

  const resting = createResting(store, orchestrator, { actor, ask, watch });

  return {
    actor,
    ...createChoosing(store, orchestrator, prover),
    ...papers,
    ...records,
    askRest: () => resting.askRest(),
    ...createRollout(store, orchestrator, ask),

    showDeployment(deployment) {
      showView(store, viewOf(deployment));
    },

    cycleEnvironment() {
      const { environments, environment } = store.getState();
      const at = environments.findIndex((e) => e.name === environment);
      const next = environments[(at + 1) % environments.length];
      if (!next) return;
      store.setState({ environment: next.name, discovery: { status: 'loading' } });
      void refresh();
    },

    async next() {
      const { session, deployment } = store.getState();
      const active = isActive(deployment) ? deployment : undefined;
      if (showsEnded(store.getState())) return showView(store, 'learning');
      if (session.view === 'selection') {
        if (active) showView(store, viewOf(active));
        else await stage();
      } else if (session.view === 'staging' && active) {
        if (active.status.kind === 'waiting' && active.status.after === 'staging')
          await ask('the tests are being started', async () => {
            if (await command(active.id, { kind: 'advance', through: 'testing' }, 'The suites start.'))
              showView(store, 'testing');
          });
        else showView(store, viewOf(active));
      } else if (session.view === 'testing' && active) {
        if (active.status.kind === 'waiting' && active.status.after === 'testing')
          askPerson(store, rollOutDialog(active));
        else showView(store, viewOf(active));
      } else if (session.view === 'production' && active && waitsForTime(active))
        askPerson(store, rollOutDialog(active));
      else if (session.view === 'production') showView(store, 'learning');
      else if (session.view === 'learning') {
        showView(store, 'discovery');
        store.setState({ deployment: undefined, events: noEvents, output: undefined });
        await refresh();
      }
    },

    async askRollBack() {
      const { deployment, environment } = store.getState();
      if (isActive(deployment)) {
        askPerson(store, abortDialog(deployment));
        return;
      }
      if (!environment) return;
      await ask('the earlier version is being looked up', async () => {
        const draft = await orchestrator.rollbackDraft({ environment });
        askLate(store, rollBackDialog(draft), 'r asks for the rollback again');
      });
    },

    askEmergency() {
      const { deployment } = store.getState();
      if (isActive(deployment)) askPerson(store, emergencyDialog(deployment));
    },

    askAbort() {
      const { deployment } = store.getState();
      if (isActive(deployment)) askPerson(store, abortDialog(deployment));
    },

    async pauseOrResume() {
      const { deployment } = store.getState();
      if (!isActive(deployment)) return;
      const paused = deployment.status.kind === 'paused';
      await ask(paused ? 'the rollout is being resumed' : 'the rollout is being paused', async () => {
        await command(deployment.id, { kind: paused ? 'resume' : 'pause' }, paused ? 'Resumed.' : 'Paused.');
      });
    },

    async promote() {
      const { deployment } = store.getState();
      if (!isActive(deployment)) return;
      const asked = deployment.approval?.kind === 'requested';
      await ask(asked ? 'it is being approved' : 'the phase is being finished', async () => {
        if (asked || deployment.status.kind === 'waiting')
          await command(deployment.id, { kind: 'approve' }, approvedWords(deployment));
        else await command(deployment.id, { kind: 'promote' }, 'The phase is finished now, at your word.');
      });
    },

    async askUnlock(environment = store.getState().environment) {
      if (!environment) return;
      await ask('the lock is being looked at', async () => {
        const found = await orchestrator.lockOf(environment);
        if (found.kind === 'free') tell(store, `${environment} is not locked.`);
        else if (found.kind === 'held' && found.pid !== undefined)
          tell(
            store,
            `${environment} is held by process ${found.pid}, which is at work: ${store.getState().deployment?.environment === environment ? 'a stops it' : 'space works on it, then a stops it'}.`,
            'warn',
          );
        else askLate(store, unlockDialog(environment, found), 'U asks to unlock again');
      });
    },

    async retry() {
      const { deployment } = store.getState();
      if (!isActive(deployment)) return;
      await ask('it is being tried again', async () => {
        await command(deployment.id, { kind: 'retry' }, 'It is tried again; what was done stays.');
      });
    },

    async confirm(intent) {
      switch (intent.kind) {
        case 'roll-out':
          return ask('the rollout is being started', async () => {
            const { allowDestructive, emergency, why } = intent;
            const { deployment } = store.getState();
            // Outside its windows it waits for the next one, rather than to end for that.
            const waits = deployment?.plan.schedule !== undefined && !emergency;
            const advance = {
              kind: 'advance',
              through: 'learning',
              ...(allowDestructive && { allowDestructive }),
              ...(emergency && { emergency }),
              ...(waits && { start: { kind: 'next-window' } as const }),
            } as const;
            if (await command(intent.id, advance, 'The rollout starts.', why)) showView(store, 'production');
          });
        case 'abort':
          if (intent.force)
            return ask('its process is being ended', async () => {
              const { ended } = await orchestrator.forceEnd({ id: intent.id, by: actor });
              tell(
                store,
                ended === undefined
                  ? 'Its conductor answered after all, and aborts.'
                  : `Process ${ended} was ended; another one takes everything back.`,
              );
            });
          return ask('the deployment is being stopped', async () => {
            const { deployment } = store.getState();
            const rollingOut = deployment !== undefined && isRollingOut(deployment);
            await command(
              intent.id,
              { kind: 'abort' },
              rollingOut ? 'Stable is being restored.' : 'Abandoned.',
            );
          });
        case 'approve':
          return ask('it is being approved', async () => {
            const found = store.getState().deployment;
            const words = found?.id === intent.id ? approvedWords(found) : 'Approved.';
            await command(intent.id, { kind: 'approve' }, words);
          });
        case 'unlock':
          return ask('it is being unlocked', async () => {
            const { did } = await orchestrator.unlock({ environment: intent.environment, by: actor });
            tell(store, safeText(did.join(' ') || `${intent.environment} is not locked.`));
            await refresh();
          });
        case 'forget-choices':
          return store.getState().link?.forgetChoices();
        case 'improve':
          return store.getState().link?.improve(intent);
        case 'roll-back':
          return ask('the rollback is being started', async () => {
            const { draft } = intent;
            const { environment } = draft;
            const id = await orchestrator.rollback({ environment, by: actor, unattended: false }, draft);
            watch(id);
            showView(store, 'production');
            tell(store, `${id} returns ${environment} to ${intent.version}.`);
          });
        case 'ship-rest':
          return resting.shipRest(intent);
        default:
          return intent satisfies never;
      }
    },

    async open() {
      const state = store.getState();
      const { session } = state;
      const at = Math.min(session.cursors[session.view], countOf(state, session.view) - 1);
      if (session.view === 'staging' || session.view === 'testing') await papers.openText();
      else if (session.view === 'history') {
        const row = historyRows(state)[at];
        if (row) await records.openRecord(row);
      }
    },
  };
}

/** What a yes leads to: the last one that was missing lets it go on. */
function approvedWords(d: Deployment): string {
  const missing = missingYeses(d, new Date()) - 1;
  if (missing > 0)
    return `Approved; ${counted(missing, 'approval')} more ${missing === 1 ? 'is' : 'are'} missing.`;
  if (d.approval?.kind !== 'requested') return 'Approved already now.';
  return d.plan.approval?.before === 'rollout'
    ? 'Approved: the rollout begins.'
    : 'Approved: the candidate gets all traffic.';
}
