import type { Orchestrator } from '../store/attach.ts';
import { createUiStore, setSession } from '../store/create-store.ts';
import { type PersonalFile, takeUpPersonal } from '../store/personal.ts';
import { isActive } from '../store/reasons.ts';
import { openTerminal, withDrawingEnvironment } from './terminal.ts';

export interface StartOptions {
  /** Loads the engine; called once the first frame stands. */
  load: () => Promise<Orchestrator>;
  /** Where the person's choices for this terminal are kept; nowhere when left out. */
  personal?: PersonalFile;
}

/**
 * Opens the full-screen terminal on stdin and stdout and resolves with the exit code when the person leaves it.
 * What is being deployed goes on without it.
 */
export async function startUi({ load, personal }: StartOptions): Promise<number> {
  const terminal = openTerminal();
  const store = createUiStore(terminal.size(), Date.now());
  takeUpPersonal(store, personal, process.env);
  terminal.onResize((size) => setSession(store, { size }));
  const { mount } = await withDrawingEnvironment(() => import('./mount.tsx'));

  return new Promise((resolve, reject) => {
    const screen = mount({
      store,
      stdout: terminal.output,
      suspend: () =>
        terminal.suspend(
          () => setSession(store, { suspended: true }),
          () => setSession(store, { suspended: false, size: terminal.size() }),
        ),
    });
    terminal.onClose(() => {
      store.getState().link?.detach();
      screen.unmount();
    });
    screen.failed.catch((error: unknown) => {
      terminal.close();
      reject(error instanceof Error ? error : new Error(String(error)));
    });
    store.subscribe(({ session, deployment }) => {
      if (!session.quitting) return;
      terminal.close();
      if (isActive(deployment))
        process.stdout.write(`${deployment.id} goes on: orchestrate status --monitor shows it.\n`);
      resolve(0);
    });
    setImmediate(() => {
      void Promise.all([load(), import('../store/attach.ts')]).then(
        async ([orchestrator, { attach }]) => {
          const actor = await orchestrator.actor('ui');
          if (!store.getState().session.quitting) attach(store, orchestrator, { actor, now: Date.now });
        },
        async (error: unknown) => {
          const { problemOf } = await import('../store/problem.ts');
          const problem = problemOf(error);
          store.setState({ discovery: { status: 'failed', problem }, config: { status: 'failed', problem } });
        },
      );
    });
  });
}
