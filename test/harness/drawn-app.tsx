import { EventEmitter } from 'node:events';
import { render } from 'ink';
import { App } from '../../components/App.tsx';
import type { UiStore } from '../../store/create-store.ts';
import { StoreContext } from '../../store/hooks.ts';

/** The app drawn for a terminal of any width, without one: each frame is the whole screen. */
export interface DrawnApp {
  /** The last frame's lines. */
  lines: () => string[];
  /** Makes the terminal `columns` wide; the store is told by who calls. */
  widen: (columns: number) => void;
  press: (keys: string) => void;
  end: () => void;
}

class Output extends EventEmitter {
  columns = 100;
  last = '';
  write = (frame: string) => {
    this.last = frame;
  };
}

class Input extends EventEmitter {
  isTTY = true;
  private waiting: string | null = null;
  give(text: string) {
    this.waiting = text;
    this.emit('readable');
  }
  read = () => {
    const text = this.waiting;
    this.waiting = null;
    return text;
  };
  setEncoding() {}
  setRawMode() {}
  ref() {}
  unref() {}
}

/** Draws the app of a store. `end` takes it down again. */
export function drawApp(store: UiStore): DrawnApp {
  const stdout = new Output();
  const stdin = new Input();
  stdout.columns = store.getState().session.size.columns;
  const screen = render(
    <StoreContext.Provider value={store}>
      <App onSuspend={() => undefined} />
    </StoreContext.Provider>,
    {
      stdout: stdout as unknown as NodeJS.WriteStream,
      stdin: stdin as unknown as NodeJS.ReadStream,
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    },
  );
  return {
    lines: () => stdout.last.split('\n'),
    widen(columns) {
      stdout.columns = columns;
      stdout.emit('resize');
    },
    press: (keys) => stdin.give(keys),
    end: () => screen.unmount(),
  };
}
