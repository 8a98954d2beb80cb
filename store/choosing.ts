import { choiceIn, type Choice } from '../src/domain/choice.ts';
import type { Discovery, Selection } from '../src/domain/feature.ts';
import type { CarriedOver, Orchestrator, Wanted } from '../src/engine/orchestrator.ts';
import type { UiStore } from './create-store.ts';
import { tell } from './say.ts';
import { problemOf } from './problem.ts';
import type { Prover } from './prover.ts';
import { saveChosen } from './saving.ts';
import { tellToggle, toggled } from './selection.ts';
import { inSentences } from '../src/domain/in-sentences.ts';

export interface Choosing {
  /** What was chosen here, else what was saved, as it reads in this discovery; undefined where nobody has chosen. */
  takeUp(discovery: Discovery, signal: AbortSignal): Promise<CarriedOver | undefined>;
  /** Fills the selection after a discovery: with the choice taken up, else with what is recommended. */
  chooseFirst(discovery: Discovery, taken: CarriedOver | undefined): void;
  /** Takes a feature with all it needs, or leaves it out with all that need it; says which and why. */
  toggle(id: string): void;
  /** All recommended, critical only, custom, and round again. */
  cycleStrategy(): void;
}

/** What is selected, closed at every key; the proof runs behind it. */
export function createChoosing(store: UiStore, orchestrator: Orchestrator, prover: Prover): Choosing {
  function choose(
    discovery: Discovery,
    wanted: Wanted,
    part: {
      strategy: Choice['strategy'];
      told?: (closed: Selection) => readonly string[];
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
          proof: { kind: 'none' },
          told: part.told?.(closed) ?? [],
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
        told: () => taken.told,
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

    cycleStrategy() {
      const discovery = loaded();
      if (!discovery) return;
      const { strategy } = store.getState().selection;
      if (strategy === 'recommended') choose(discovery, { kind: 'critical' }, { strategy: 'critical' });
      else if (strategy === 'critical') choose(discovery, { kind: 'ids', ids: [] }, { strategy: 'custom' });
      else choose(discovery, { kind: 'recommended' }, { strategy: 'recommended' });
    },
  };
}
