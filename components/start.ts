import type { Orchestrator } from '../store/attach.ts';
import { createUiStore, setSession } from '../store/create-store.ts';
import { keepPersonal, type PersonalFile, takeUpPersonal } from '../store/personal.ts';
import { attachEngine } from './attach-engine.ts';
import { isActive } from '../store/reasons.ts';
import { asciiOnly, bidiOf, colourDepthOf, sayingOf, themeOf } from './screen/abilities.ts';
import { type Outgoing, outgoingFor } from './screen/outgoing.ts';
import { orderOurselves } from './screen/right-to-left.ts';
import { openTerminal, withDrawingEnvironment } from './terminal.ts';

export interface StartOptions {
  /** Loads the engine; called once the first frame stands. */
  load: () => Promise<Orchestrator>;
  /** Where the person's choices for this terminal are kept; nowhere when left out. */
  personal?: PersonalFile;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/**
 * Opens the terminal on stdin and stdout, drawn or said, and resolves with the exit code when the person leaves it.
 * What is being deployed goes on without it.
 */
export async function startUi({ load, personal, now = Date.now }: StartOptions): Promise<number> {
  const { env } = process;
  const saying = sayingOf(env);
  if (saying !== 'drawn') {
    const { startSaying } = await withDrawingEnvironment(0, () => import('./said/start.ts'));
    return startSaying({ load, now, byLine: saying === 'lines' });
  }
  const kept = personal?.read() ?? {};
  const bidi = bidiOf(env);
  const ascii = env['ORCHESTRA_ASCII'] ? asciiOnly(env) : (kept.ascii ?? asciiOnly(env));
  const outgoing: Outgoing = ascii ? (await import('./screen/ascii.ts')).toAscii : outgoingFor(bidi);
  orderOurselves(bidi === 'ours' && !ascii);
  const colourDepth = colourDepthOf(env);
  const terminal = openTerminal(outgoing);
  const store = createUiStore(terminal.size(), now());
  takeUpPersonal(store, personal, env, kept);
  const { theme, warning } = themeOf(env, kept.theme);
  setSession(store, {
    theme,
    colourDepth,
    ...(warning === undefined ? {} : { toast: { tone: 'warn', text: warning } }),
  });
  terminal.onResize((size) => setSession(store, { size }));
  terminal.onResume((size) => setSession(store, { size }));
  terminal.onPaste(
    (text) => void import('../store/paste.ts').then(({ takePaste }) => takePaste(store, text)),
  );
  terminal.takeMouse(store.getState().session.mouse);
  terminal.onMouse(
    (report) => void import('./mouse/act.ts').then(({ actOnMouse }) => actOnMouse(store, report)),
  );
  const { mount } = await withDrawingEnvironment(colourDepth, () => import('./mount.tsx'));

  return new Promise((resolve, reject) => {
    const screen = mount({ store, terminal });
    terminal.onClose(() => {
      store.getState().link?.detach();
      screen.unmount();
    });
    screen.failed.catch((error: unknown) => {
      terminal.close();
      reject(error instanceof Error ? error : new Error(String(error)));
    });
    store.subscribe(({ session, deployment }, before) => {
      terminal.takeMouse(session.mouse);
      if (session.theme !== before.session.theme) keepPersonal(store, { theme: session.theme });
      if (!session.quitting) return;
      terminal.close();
      if (isActive(deployment))
        process.stdout.write(`${deployment.id} goes on: orchestrate status --monitor shows it.\n`);
      resolve(0);
    });
    setImmediate(() => void attachEngine(store, load, now));
  });
}
