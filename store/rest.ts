import type { Actor } from '../src/domain/actor.ts';
import { chanceText } from '../src/domain/chance.ts';
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

/** Names that a dialog has room for. */
const mostNamed = 4;

const named = (names: readonly string[]) =>
  [
    ...names.slice(0, mostNamed),
    ...(names.length > mostNamed ? [`and ${names.length - mostNamed} more`] : []),
  ].join(', ');

/** Asks before the rest is built: what ships, what stays out and why, how risky it is, and how it would be rolled out. */
export function restDialog({ of, draft, without, notes }: Drafted): Dialog {
  const { plan, risk, features, stable } = draft;
  const out = without.slice(0, mostNamed).map(({ title, why }, i) => ({
    label: i === 0 ? 'stays out' : 'and',
    value: `${title}: ${why}`,
  }));
  return {
    title: 'Ship the rest?',
    rows: [
      { label: 'environment', value: draft.environment },
      { label: 'the rest of', value: `${of.id}: ${of.reason}` },
      {
        label: 'ships',
        value: `${counted(features.length, 'feature')}: ${named(features.map(({ title }) => title))}`,
      },
      ...out,
      ...(without.length > out.length
        ? [{ label: '', value: `and ${without.length - out.length} more that need these` }]
        : []),
      {
        label: 'risk',
        value: `${plan.risk.toUpperCase()}${risk ? `, success ${chanceText(risk.probability)} (n=${risk.n})` : ''}`,
      },
      {
        label: 'strategy',
        value: `${plan.strategy}, ${phasesText(plan.phases)}, ${formatDuration(plan.estimates.earliestPromotionMs)} at least`,
      },
    ],
    effect: [
      `It is proved to build on ${versionName(stable)}. It is built and tested now; n then starts its rollout.`,
      ...notes,
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
      if (found.kind === 'draft') askLate(store, restDialog(found), 'w asks for the rest again');
      else if (now.session.view === session.view && !now.session.picker && !now.session.dialog)
        pickOut(found, []);
    });

  /** Asks whom to leave out, one after the other, until that is all. */
  function pickOut(found: Asked, out: readonly string[]): void {
    const { of, suspected } = found;
    const titles = suspected.filter(({ id }) => out.includes(id)).map(({ title }) => title);
    const build: PickerOption = {
      label: `That is all: build the rest without ${out.length === 1 ? 'it' : 'them'}`,
      hint: titles.join(', '),
      run: () => void restOf(of.id, out),
    };
    const others = suspected.filter(({ id }) => !out.includes(id));
    openPicker(store, {
      title: safeText(
        out.length === 0
          ? `Whom to leave out of the rest? ${of.culprit}`
          : `Without ${titles.join(', ')}; whom else?`,
        300,
      ),
      options: [
        ...(out.length > 0 ? [build] : []),
        ...others.map(({ id, title, share, evidence, probability, must }): PickerOption => ({
          label: title,
          hint: `${percent(share)} of the blame${evidence ? `, ${evidence.strength} evidence: ${evidence.text}` : ''}; success was thought ${chanceText(probability)}${must ? '; a must: what it mends stays open' : ''}`,
          run: () => pickOut(found, [...out, id]),
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
