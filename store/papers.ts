import { plainWords } from '../src/domain/inline-markdown.ts';
import { safeText } from '../src/domain/safe-text.ts';
import type { Command } from '../src/domain/command.ts';
import type { Deployment } from '../src/domain/deployment.ts';
import { runsOf } from '../src/domain/suite-run.ts';
import { underWay } from '../src/domain/suites-under-way.ts';
import type { Orchestrator } from '../src/engine/orchestrator.ts';
import { setSession, type UiStore } from './create-store.ts';
import { problemOf } from './problem.ts';
import { currentItem, openText, type OutputDetail, type PaperDetail } from './reading.ts';
import { fail } from './say.ts';
import { suiteOf, testingAt, testingRows } from './testing-rows.ts';

/** What Staging and Testing ask of the engine; every method answers through the store and never throws. */
export interface Papers {
  /** Opens the paper or the output under the cursor. */
  openText(): Promise<void>;
  /** Calls off what is being opened: what was left does not open afterwards. */
  leaveText(): void;
  /** Opens the text beside the one that stands open: the next paper, the next suite's output. */
  stepText(by: 1 | -1): Promise<void>;
  /** Ticks the item under the cursor, or takes its tick away. */
  tick(): Promise<void>;
  /** Runs the suite under the cursor once more. */
  rerun(): Promise<void>;
}

interface Asking {
  /** Does one request at a time, and turns its failure into a line. */
  ask: (busy: string, work: () => Promise<void>) => Promise<void>;
  /** Sends a command and tells how it was taken; whether it was. */
  command: (id: string, what: Command, done: string) => Promise<boolean>;
}

/** The run of a suite to show: the one under way, else the last; as an output is asked for, from 2 on. */
export function runShown(deployment: Deployment, suite: string): number | undefined {
  const now = underWay(deployment, suite);
  if (now) return now.effect.run;
  const state = deployment.suites.find((s) => s.suite === suite);
  const runs = state ? runsOf(state) : 1;
  return runs > 1 ? runs : undefined;
}

/** Reading papers and outputs in place, ticking the checklist, running suites again. */
export function createPapers(store: UiStore, orchestrator: Orchestrator, { ask, command }: Asking): Papers {
  let last = Promise.resolve();
  /** Counts what was asked for and called off: what was left while it was read does not open afterwards. */
  let asked = 0;

  /** One after the other, so that none is lost to keys that come fast; a failure becomes a card. */
  function inTurn(work: () => Promise<unknown>): Promise<void> {
    last = last.then(async () => {
      try {
        await work();
      } catch (error) {
        fail(store, problemOf(error));
      }
    });
    return last;
  }

  /** Whether nothing called off what is asked for now, and its view is still on the screen. */
  function stillWanted(): () => boolean {
    const at = asked;
    const { view } = store.getState().session;
    return () => at === asked && store.getState().session.view === view;
  }

  async function openPaper(deployment: Deployment, path: string, wanted: () => boolean): Promise<void> {
    const lines = await orchestrator.read(deployment.id, { kind: 'paper', path });
    if (!wanted()) return;
    const detail: PaperDetail = { kind: 'paper', path, lines };
    // Told once: it would go on to the next one with every tick.
    const item = currentItem(detail, deployment);
    const reveal = item === undefined ? undefined : { kind: 'item' as const, item };
    setSession(store, { detail: { ...detail, item, reveal }, scroll: 0, scrollLimit: 0 });
  }

  async function openOutput(
    deployment: Deployment,
    suite: string,
    wanted: () => boolean,
    failing?: string,
  ): Promise<void> {
    const run = runShown(deployment, suite);
    const read = await orchestrator.read(deployment.id, {
      kind: 'suite',
      suite,
      ...(run !== undefined && { run }),
    });
    if (!wanted()) return;
    const lines = read.length > 0 ? read : (deployment.suites.find((s) => s.suite === suite)?.tail ?? []);
    const line = failing === undefined ? -1 : lines.findIndex((text) => text.trim() === failing);
    const detail: OutputDetail = {
      kind: 'output',
      suite,
      run,
      lines,
      reveal: line < 0 ? { kind: 'end' } : { kind: 'line', line },
    };
    setSession(store, { detail, scroll: 0, scrollLimit: 0 });
  }

  return {
    leaveText() {
      asked += 1;
    },

    openText() {
      const wanted = stillWanted();
      return inTurn(async () => {
        const state = store.getState();
        const { deployment, session } = state;
        if (!deployment || !wanted()) return;
        if (session.view === 'staging') {
          const papers = deployment.papers ?? [];
          const path = papers[Math.min(session.cursors.staging, papers.length - 1)];
          if (path !== undefined) await openPaper(deployment, path, wanted);
        } else {
          const row = testingRows(deployment)[testingAt(state)];
          if (row && row.kind !== 'gate')
            await openOutput(
              deployment,
              row.suite.name,
              wanted,
              row.kind === 'case' ? row.found.line : undefined,
            );
        }
      });
    },

    stepText(by) {
      const wanted = stillWanted();
      return inTurn(async () => {
        const { deployment, session } = store.getState();
        const open = openText(session);
        if (!open || !deployment || !wanted()) return;
        const beside = (names: readonly string[], name: string) =>
          names[(names.indexOf(name) + by + names.length) % names.length];
        if (open.kind === 'paper') {
          const papers = deployment.papers ?? [];
          const path = beside(papers, open.path);
          if (path === undefined) return;
          await openPaper(deployment, path, wanted);
          if (wanted())
            setSession(store, {
              cursors: { ...store.getState().session.cursors, staging: papers.indexOf(path) },
            });
        } else {
          const suite = beside(
            deployment.plan.suites.map(({ name }) => name),
            open.suite,
          );
          if (suite !== undefined) await openOutput(deployment, suite, wanted);
        }
      });
    },

    async tick() {
      const { deployment, session } = store.getState();
      const item = currentItem(session.detail, deployment);
      if (item === undefined || !deployment) return;
      const done = !deployment.ticks.some((tick) => tick.item === item);
      const text = plainWords(deployment.checklist.find(({ id }) => id === item)?.text ?? item);
      await inTurn(() =>
        command(
          deployment.id,
          { kind: 'tick', item, done },
          `${done ? 'Ticked' : 'Not ticked any more'}: ${safeText(text, 200)}`,
        ),
      );
    },

    async rerun() {
      const state = store.getState();
      const { deployment } = state;
      const suite = suiteOf(testingRows(deployment)[testingAt(state)]);
      if (!deployment || !suite) return;
      const { name } = suite;
      setSession(store, { pinned: { deployment: deployment.id, row: name } });
      await ask(`${name} is being started again`, async () => {
        await command(
          deployment.id,
          { kind: 'rerun', suite: name },
          `${name} runs again on the same candidate; every run stays in the record.`,
        );
      });
    },
  };
}
