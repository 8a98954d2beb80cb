import type { Actor } from '../src/domain/actor.ts';
import { chanceText, surenessText } from '../src/domain/chance.ts';
import { counted } from '../src/domain/counted.ts';
import { formatDuration } from '../src/domain/duration.ts';
import { safeText } from '../src/domain/safe-text.ts';
import type { Orchestrator, Rest } from '../src/engine/orchestrator.ts';
import { askLate } from './asking.ts';
import { restRow } from './commands/rest.ts';
import type { UiStore } from './create-store.ts';
import { phasesText, versionName } from './dialogs.ts';
import { openPicker } from './picker.ts';
import { showView, tell } from './say.ts';
import type { Dialog, Intent, PickerOption } from './state.ts';

/** Shipping what is left of a candidate that was taken back. */
export interface Resting {
  /** Prepares the dialog that ships the rest of the deployment in sight; asks first whom to leave out where nobody is named. */
  askRest(): Promise<void>;
}

type Drafted = Extract<Rest, { kind: 'draft' }>;
type Asked = Extract<Rest, { kind: 'ask' }>;

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** How much a dialog tells: on a small screen what stays out has to leave room for the answer. */
const rooms = {
  large: { named: 4, out: 4, title: 80, why: 160, notes: 4 },
  small: { named: 2, out: 1, title: 36, why: 66, notes: 2 },
};

/** Rows of a terminal from which on a dialog tells more. */
const largeFrom = 34;

/** Asks before the rest is built: what ships, what stays out and why, how risky it is, and how it would be rolled out. */
export function restDialog({ of, draft, without, notes }: Drafted, rows: number): Dialog {
  const { plan, risk, features, stable } = draft;
  const room = rooms[rows < largeFrom ? 'small' : 'large'];
  const ships = features.slice(0, room.named).map(({ title }) => safeText(title, room.title));
  const out = without.slice(0, room.out).map(({ title, why }, i) => ({
    label: i === 0 ? 'stays out' : 'and',
    value: `${safeText(title, room.title)}: ${safeText(why, room.why)}`,
  }));
  const moreShip = features.length - ships.length;
  const moreOut = without.length - out.length;
  return {
    title: `Ship the rest to ${safeText(draft.environment, 40)}?`,
    rows: [
      { label: 'the rest of', value: `${of.id}: ${safeText(of.reason, room.why)}` },
      {
        label: 'ships',
        value: `${counted(features.length, 'feature')}: ${[...ships, ...(moreShip > 0 ? [`${moreShip} more`] : [])].join(', ')}`,
      },
      ...out,
      ...(moreOut > 0 ? [{ label: 'and', value: `${counted(moreOut, 'other')} with them` }] : []),
      {
        label: 'risk',
        value: `${plan.risk.toUpperCase()}${risk ? `, success ${surenessText(risk)}` : ''}`,
      },
      {
        label: 'strategy',
        value: `${plan.strategy}, ${phasesText(plan.phases)}; ${formatDuration(plan.estimates.earliestPromotionMs)}`,
      },
    ],
    effect: [
      `Proved on ${versionName(stable)}. It is built and tested now; n then rolls it out.`,
      ...notes.slice(0, room.notes),
    ],
    yes: 'Build it',
    chosen: 'no',
    intent: { kind: 'ship-rest', draft },
  };
}

/** Where `ask` does one request at a time, and `watch` follows a deployment from its first event. */
interface Context {
  actor: Actor;
  ask: (busy: string, work: () => Promise<void>) => Promise<void>;
  watch: (id: string) => void;
}

/** What the key that ships the rest asks of the engine, and what its yes sets going. */
export function createResting(
  store: UiStore,
  orchestrator: Orchestrator,
  { actor, ask, watch }: Context,
): Resting & { shipRest(intent: Extract<Intent, { kind: 'ship-rest' }>): Promise<void> } {
  const restOf = (id: string, without: readonly string[]) =>
    ask('the rest is being put together', async () => {
      const { session } = store.getState();
      const found = await orchestrator.rest({ id, without, by: actor });
      const now = store.getState();
      if (found.kind === 'draft')
        askLate(store, restDialog(found, now.session.size.rows), 'w asks for the rest again');
      else if (now.session.view === session.view && !now.session.picker && !now.session.dialog)
        pickOut(id, found, []);
    });

  /** Asks whom to leave out, one after the other, until that is all. */
  function pickOut(id: string, found: Asked, out: readonly string[]): void {
    const { of, suspected } = found;
    const titles = suspected.filter(({ id }) => out.includes(id)).map(({ title }) => title);
    const build: PickerOption = {
      label: `That is all: build the rest without ${out.length === 1 ? 'it' : 'them'}`,
      hint: titles.join(', '),
      run: () => void restOf(id, out),
    };
    const others = suspected.filter(({ id }) => !out.includes(id));
    openPicker(store, {
      title: safeText(
        out.length === 0 ? `Leave out whom? ${of.culprit}` : `Without ${titles.join(', ')}; whom else?`,
        300,
      ),
      options: [
        ...(out.length > 0 ? [build] : []),
        ...others.map(({ id: one, title, share, evidence, probability, must }): PickerOption => ({
          label: title,
          hint: `${percent(share)} of the blame${evidence ? `, ${evidence.strength} evidence: ${evidence.text}` : ''}; was thought ${chanceText(probability)}${must ? '; a must: what it mends stays open' : ''}`,
          run: () => pickOut(id, found, [...out, one]),
        })),
      ],
    });
  }

  return {
    async askRest() {
      const row = restRow(store.getState());
      if (row) await restOf(row.id, []);
    },
    async shipRest({ draft }) {
      await ask('the rest is being requested', async () => {
        const id = await orchestrator.deploy(
          {
            environment: draft.environment,
            what: { kind: 'select', wanted: { kind: 'ids', ids: draft.features.map((one) => one.id) } },
            by: actor,
            // Tested, it waits: the question whether to roll out is asked as always.
            through: 'testing',
            unattended: false,
          },
          draft,
        );
        watch(id);
        showView(store, 'staging');
        tell(store, `${id} builds the rest of ${draft.restOf?.deployment ?? 'it'}.`);
      });
    },
  };
}
