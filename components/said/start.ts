import { writeSync } from 'node:fs';
import { createUiStore, setSession, type UiStore } from '../../store/create-store.ts';
import { takePaste } from '../../store/paste.ts';
import { isActive } from '../../store/reasons.ts';
import type { Orchestrator } from '../../store/attach.ts';
import { handleKey } from '../input.ts';
import { asciiOnly } from '../screen/abilities.ts';
import { toAscii } from '../screen/ascii.ts';
import { Incoming } from '../screen/incoming.ts';
import { withoutReplies } from '../screen/replies.ts';
import { onEnd } from '../screen/signals.ts';
import { attachEngine } from '../attach-engine.ts';
import { keysOfInput, keysOfLine } from './keys.ts';
import { Narrator } from './narrator.ts';
import { drawUnseen } from './rows.tsx';

export interface SayingOptions {
  load: () => Promise<Orchestrator>;
  now: () => number;
  /** Keys come as lines, on a terminal that can do no better; else one by one. */
  byLine: boolean;
}

/** How long changes are gathered before they are said together, milliseconds. */
const gatherMs = 60;

const welcome = [
  'orchestra, as text. The keys are those of the screen: ? lists them, ctrl-l says everything again, q leaves.',
  'Type keys and press enter: a word like down, esc or space is one key. ? lists them, q leaves.',
] as const;

function isTyping(store: UiStore): boolean {
  const { filter, picker, dialog } = store.getState().session;
  return filter?.typing === true || picker !== undefined || dialog?.word !== undefined;
}

/**
 * The terminal as text that is only ever added to: no frames, no spinners, nothing drawn over. What changes is said in
 * a new line; a prompt waits for the next key. Resolves with the exit code when the person leaves.
 */
export async function startSaying({ load, now, byLine }: SayingOptions): Promise<number> {
  const { stdin, stdout } = process;
  const plain = asciiOnly(process.env) ? toAscii : (text: string) => text;
  const store = createUiStore({ columns: 120, rows: 40 }, now());
  setSession(store, { colourDepth: 0 });
  const unseen = drawUnseen(store);
  const narrator = new Narrator();
  let prompted = false;
  let open = true;

  const say = (lines: readonly string[]) => {
    if (lines.length === 0 || !open) return;
    const text = `${prompted ? '\n' : ''}${lines.join('\n')}\n> `;
    prompted = true;
    stdout.write(plain(text));
  };

  let waiting: NodeJS.Timeout | undefined;
  const later = () => {
    waiting ??= setTimeout(() => {
      waiting = undefined;
      say(narrator.news(store.getState(), unseen.rows()));
    }, gatherMs);
  };

  const close = () => {
    if (!open) return;
    open = false;
    clearTimeout(waiting);
    store.getState().link?.detach();
    unseen.unmount();
    if (!byLine) stdin.setRawMode(false);
    try {
      if (prompted) writeSync(stdout.fd, '\n');
    } catch {
      // Nobody reads it.
    }
  };

  function take(keys: readonly string[]): void {
    for (const key of keys) {
      if (key === 'ctrl+l') narrator.forget();
      else if (key === 'ctrl+z') suspend();
      else handleKey(store, key);
    }
    later();
  }

  function suspend(): void {
    if (!byLine) stdin.setRawMode(false);
    process.kill(0, 'SIGTSTP');
  }

  onEnd(close);
  process.on('SIGCONT', () => {
    if (!byLine) {
      stdin.setRawMode(false);
      stdin.setRawMode(true);
    }
    narrator.forget();
    later();
  });
  stdin.setEncoding('utf8');
  if (byLine) {
    let rest = '';
    stdin.on('data', (piece) => {
      const lines = (rest + String(piece)).split(/\r\n|\r|\n/);
      rest = lines.pop() ?? '';
      prompted = false;
      for (const line of lines) take(keysOfLine(line, isTyping(store)));
    });
  } else {
    stdin.setRawMode(true);
    const incoming = new Incoming();
    stdin.on('data', (piece) => {
      const { keys, pastes } = incoming.push(String(piece));
      for (const text of pastes) takePaste(store, text);
      take(keysOfInput(withoutReplies(keys)));
    });
  }

  stdout.write(plain(`${welcome[byLine ? 1 : 0]}\n`));
  return new Promise((resolve) => {
    store.subscribe(({ session, deployment }) => {
      later();
      if (!session.quitting) return;
      close();
      if (isActive(deployment))
        stdout.write(`${deployment.id} goes on: orchestrate status --monitor shows it.\n`);
      resolve(0);
    });
    later();
    void attachEngine(store, load, now);
  });
}
