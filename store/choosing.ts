import type { Discovery, Selection } from '../src/domain/feature.ts';
import type { Orchestrator, Wanted } from '../src/engine/orchestrator.ts';
import { savedWanted } from './choose.ts';
import type { UiStore } from './create-store.ts';
import { tell } from './perform.ts';
import { problemOf } from './problem.ts';
import type { Prover } from './prover.ts';
import { tellToggle, toggled } from './selection.ts';
import type { SelectionState } from './state.ts';

export interface Choosing {
  /** Fills the selection after a discovery: what was saved where it still fits, else what is recommended. */
  chooseFirst(discovery: Discovery, saved: Selection | undefined): void;
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
    part: Pick<SelectionState, 'strategy'> & { told?: (closed: Selection) => readonly string[] },
  ): void {
    try {
      const closed = orchestrator.close(discovery, wanted);
      const added = new Set(closed.added.map((a) => a.id));
      store.setState({
        selection: {
          strategy: part.strategy,
          wanted: wanted.kind === 'ids' ? wanted.ids : closed.selected.filter((id) => !added.has(id)),
          closed,
          proof: { kind: 'none' },
          told: part.told?.(closed) ?? [],
        },
      });
      prover.restart();
    } catch (error) {
      const { message, hint } = problemOf(error);
      tell(store, `${message} ${hint}`, 'error');
    }
  }

  function loaded(): Discovery | undefined {
    const { discovery } = store.getState();
    return discovery.status === 'loaded' ? discovery.discovery : undefined;
  }

  return {
    chooseFirst(discovery, saved) {
      // What was chosen in this terminal is newer than what was saved, and a look at the changes must not undo it.
      const { strategy, closed } = store.getState().selection;
      if (closed && strategy === 'critical') {
        choose(discovery, { kind: 'critical' }, { strategy });
        return;
      }
      const emptied = strategy === 'custom' && closed?.selected.length === 0;
      const ids = emptied ? [] : savedWanted(discovery, closed ?? saved);
      if (ids && (strategy === 'custom' || !closed))
        choose(discovery, { kind: 'ids', ids }, { strategy: 'custom' });
      else choose(discovery, { kind: 'recommended' }, { strategy: 'recommended' });
    },

    toggle(id) {
      const discovery = loaded();
      if (!discovery) return;
      const { wanted, closed } = store.getState().selection;
      const ids = toggled(discovery, wanted, closed, id);
      const before = closed?.selected ?? [];
      choose(
        discovery,
        { kind: 'ids', ids },
        { strategy: 'custom', told: (after) => tellToggle(discovery, before, after, id) },
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
