import { suitesUnderWay } from '../src/domain/suites-under-way.ts';
import type { Orchestrator } from '../src/engine/orchestrator.ts';
import type { UiStore } from './create-store.ts';
import { problemOf } from './problem.ts';
import { fail } from './say.ts';
import type { UiState } from './state.ts';
import { suiteOf, testingAt, testingRows } from './testing-rows.ts';

const everyMs = 400;

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((line, i) => line === b[i]);

/** The suite that a person looks at: the one whose output is open, else the one under the cursor. */
function shownSuite(state: UiState): string | undefined {
  const { detail } = state.session;
  if (detail?.kind === 'output') return detail.suite;
  return suiteOf(testingRows(state.deployment)[testingAt(state)])?.name;
}

/**
 * Reads what the suite that runs writes, of several the one that is looked at, and once more when it has ended, so that its last lines are there. What past
 * deployments say of the suites is read once, when the first begins. Returns the timer that ends it.
 */
export function readOutputs(
  store: UiStore,
  orchestrator: Orchestrator,
  id: string,
  signal: AbortSignal,
): NodeJS.Timeout {
  let reading = false;
  let last: { suite: string; run: number | undefined } | undefined;
  let past = false;

  async function readOutput(suite: string, run: number | undefined): Promise<void> {
    const lines = await orchestrator.read(id, { kind: 'suite', suite, ...(run !== undefined && { run }) });
    const { output } = store.getState();
    const known = output?.suite === suite && output.run === run ? output.lines : undefined;
    if (!signal.aborted && !(known && same(known, lines))) store.setState({ output: { suite, run, lines } });
  }

  async function readPast(): Promise<void> {
    const { deployment } = store.getState();
    if (deployment?.id !== id) return;
    const suitePast = await orchestrator.suitePast(deployment.plan.suites);
    if (!signal.aborted) store.setState({ suitePast });
  }

  function look(): void {
    const { deployment } = store.getState();
    if (signal.aborted || deployment?.id !== id) return;
    if (!past && deployment.stages.testing.status !== 'pending' && deployment.plan.suites.length > 0) {
      past = true;
      // Without it a suite's limit stands where its usual time would, and nothing is known to be flaky: that is said.
      void readPast().catch((error: unknown) => {
        if (!signal.aborted)
          fail(store, problemOf(error), 'What past deployments say of the suites cannot be read');
      });
    }
    if (reading) return;
    const runs = suitesUnderWay(deployment).map(({ effect }) => ({
      suite: effect.suite.name,
      run: effect.run,
    }));
    const shown = shownSuite(store.getState());
    const now = runs.find(({ suite }) => suite === shown) ?? runs[0];
    const ended = last && !runs.some(({ suite, run }) => suite === last?.suite && run === last.run);
    const wanted = ended ? last : now;
    last = now;
    if (!wanted) return;
    reading = true;
    void readOutput(wanted.suite, wanted.run)
      .catch(() => undefined)
      .finally(() => {
        reading = false;
      });
  }

  return setInterval(look, everyMs);
}
