import type { Orchestrator } from '../src/engine/orchestrator.ts';
import type { UiStore } from './create-store.ts';
import { problemOf } from './problem.ts';
import { saveChosen } from './saving.ts';
import type { ProofState } from './state.ts';

/** Pause after the last toggle before proving starts, so that fast toggling proves once. */
const settleMs = 250;

export interface Prover {
  /** Proves what is selected now, giving up whatever was being proved; `atOnce` where no key may follow soon. */
  restart(atOnce?: boolean): void;
  stop(): void;
}

/** Proves selections in the background; the answer goes into the store, together with features the proof needs. */
export function createProver(store: UiStore, orchestrator: Orchestrator): Prover {
  let running: AbortController | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** The proof that was started last, until git is done with it. */
  let busy: Promise<void> = Promise.resolve();

  const setProof = (proof: ProofState) =>
    store.setState((state) => ({ selection: { ...state.selection, proof } }));

  async function prove(signal: AbortSignal): Promise<void> {
    const { discovery, selection } = store.getState();
    if (signal.aborted || discovery.status !== 'loaded' || !selection.closed) return;
    const before = selection.closed;
    try {
      const proved = await orchestrator.prove(discovery.discovery, before, signal);
      if (signal.aborted) return;
      const had = new Set(before.selected);
      const because = new Map(proved.added.map((a) => [a.id, a.because]));
      const needs = proved.selected
        .filter((id) => !had.has(id))
        .map((id) => ({ id, because: because.get(id) ?? [] }));
      const { proof } = proved;
      const state: ProofState = !proof
        ? { kind: 'none' }
        : proof.ok
          ? {
              kind: 'proved',
              tree: proof.tree,
              rounds: proof.rounds,
              needs,
              rest: proof.complement.conflicts,
            }
          : { kind: 'refused', conflicts: proof.complement.conflicts, needs };
      store.setState((now) => ({ selection: { ...now.selection, closed: proved, proof: state } }));
      if (proof?.ok) await saveChosen(store, orchestrator);
    } catch (error) {
      if (!signal.aborted) setProof({ kind: 'failed', problem: problemOf(error) });
    }
  }

  function stop(): void {
    running?.abort();
    clearTimeout(timer);
  }

  return {
    restart(atOnce = false) {
      stop();
      const { closed } = store.getState().selection;
      if (!closed || closed.selected.length === 0) return setProof({ kind: 'none' });
      setProof({ kind: 'proving' });
      const controller = new AbortController();
      running = controller;
      // One after the other: what was given up is gone before the next begins.
      const start = () => {
        busy = busy.then(() => prove(controller.signal));
      };
      if (atOnce) start();
      else timer = setTimeout(start, settleMs);
    },
    stop,
  };
}
