import { choiceIn, type Choice } from '../src/domain/choice.ts';
import type { Discovery, Selection } from '../src/domain/feature.ts';
import type { CarriedOver, Orchestrator, Wanted } from '../src/engine/orchestrator.ts';
import type { UiStore } from './create-store.ts';
import { openPicker } from './picker.ts';
import { tell } from './say.ts';
import { problemOf } from './problem.ts';
import type { Prover } from './prover.ts';
import { saveChosen } from './saving.ts';
import { tellToggle, toggled, type Told } from './selection/toggle.ts';
import { selectionOptions } from './selection/strategies.ts';
import { inSentences } from '../src/domain/in-sentences.ts';

export interface Choosing {
  /** What was chosen here, else what was saved, as it reads in this discovery; undefined where nobody has chosen. */
  takeUp(discovery: Discovery, signal: AbortSignal): Promise<CarriedOver | undefined>;
  /** Fills the selection after a discovery: with the choice taken up, else with what is recommended. */
  chooseFirst(discovery: Discovery, taken: CarriedOver | undefined): void;
  /** Takes a feature with all it needs, or leaves it out with all that need it; says which and why. */
  toggle(id: string): void;
  /** Opens the list of selection strategies, each with what it comes to. */
  askStrategy(): void;
}

/** What is selected, closed at every key; the proof runs behind it. */
export function createChoosing(store: UiStore, orchestrator: Orchestrator, prover: Prover): Choosing {
  function choose(
    discovery: Discovery,
    wanted: Wanted,
    part: {
      strategy: Choice['strategy'];
      told?: (closed: Selection) => Told;
      /** The choice this is the reading of; a new one is made of what is wanted where it is left out. */
      taken?: Pick<CarriedOver, 'fresh'> & { choice: Choice | undefined };
    },
  ): void {
    try {
      const closed = orchestrator.close(discovery, wanted);
      const added = new Set(closed.added.map((a) => a.id));
      const ids = wanted.kind === 'ids' ? wanted.ids : closed.selected.filter((id) => !added.has(id));
      store.setState(({ selection }) => ({
        selection: {
          strategy: part.strategy,
          wanted: ids,
          closed,
          before: part.taken ? undefined : selection.closed,
          ownChoice: part.strategy === 'custom' && ids.length > 0 ? ids : selection.ownChoice,
          proof: { kind: 'none' },
          ...(part.told?.(closed) ?? { told: [], untold: 0 }),
          choice: part.taken ? part.taken.choice : choiceIn(discovery, part.strategy, ids),
          fresh: part.taken ? new Set(part.taken.fresh) : selection.fresh,
        },
      }));
      prover.restart(part.taken !== undefined);
    } catch (error) {
      tell(store, inSentences(problemOf(error)), 'error');
    }
  }

  function loaded(): Discovery | undefined {
    const { discovery } = store.getState();
    return discovery.status === 'loaded' ? discovery.discovery : undefined;
  }

  return {
    async takeUp(discovery, signal) {
      for (;;) {
        const { choice } = store.getState().selection;
        const from = choice ?? (await orchestrator.savedSelection());
        const taken = from && (await orchestrator.takeUp(discovery, from, signal));
        // A key that was pressed meanwhile is newer than what was just read.
        if (store.getState().selection.choice === choice) return taken;
      }
    },

    chooseFirst(discovery, taken) {
      if (!taken) {
        const nobody = { choice: undefined, fresh: [] };
        choose(discovery, { kind: 'recommended' }, { strategy: 'recommended', taken: nobody });
        return;
      }
      const { strategy, wanted } = taken.choice;
      choose(discovery, strategy === 'custom' ? { kind: 'ids', ids: wanted } : { kind: strategy }, {
        strategy,
        taken,
        told: () => ({ told: [...taken.told], untold: 0 }),
      });
      if (taken.changed)
        void saveChosen(store, orchestrator).catch((error: unknown) =>
          tell(store, `The selection is not saved: ${problemOf(error).message}`, 'warn'),
        );
    },

    toggle(id) {
      const discovery = loaded();
      if (!discovery) return;
      const { wanted, closed } = store.getState().selection;
      const ids = toggled(discovery, wanted, closed, id);
      choose(
        discovery,
        { kind: 'ids', ids },
        { strategy: 'custom', told: (after) => tellToggle(discovery, closed, after, id) },
      );
    },

    askStrategy() {
      const discovery = loaded();
      if (!discovery) return;
      const { options, at } = selectionOptions({
        discovery,
        selection: store.getState().selection,
        close: (wanted) => orchestrator.close(discovery, wanted),
        choose: (kind, wanted) => choose(discovery, wanted, { strategy: kind }),
      });
      openPicker(store, { title: 'What to ship', options, at });
    },
  };
}
