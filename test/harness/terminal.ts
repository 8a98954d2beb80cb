import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';
import type { Cell, Colour } from '../../demo/pictures/cell.ts';

export interface OpenOptions {
  cols?: number;
  rows?: number;
  cwd?: string;
  /** The whole environment of the program. */
  env?: Record<string, string>;
  /** How long a screen may take to show what a test waits for, milliseconds. */
  patienceMs?: number;
}

const named: Readonly<Record<string, string>> = {
  enter: '\r',
  esc: '\u001b',
  tab: '\t',
  space: ' ',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  'page-down': '\u001b[6~',
  'page-up': '\u001b[5~',
  backspace: '\u007f',
  'ctrl+c': '\u0003',
};

const usualPatienceMs = 20_000;

/** A program in a real pseudo-terminal, its screen kept by a terminal emulator. */
export class RealTerminal {
  readonly pid: number;
  /** Resolves with the exit code (or 128 + the signal that ended it). */
  readonly exited: Promise<number>;
  /** Everything the program wrote, as it came. */
  raw = '';
  title = '';
  /** What a program may do to a terminal behind its user's back, as it was done. */
  readonly meddling: string[] = [];
  cursorShown = true;
  /** Inside a frame, as the program marks it (synchronized output): what stands on the screen is half a picture. */
  private drawing = false;
  private readonly patienceMs: number;
  private readonly pty: ReturnType<typeof spawn>;
  private readonly term: InstanceType<typeof headless.Terminal>;
  private readonly watchers = new Set<() => void>();

  constructor(command: string, args: readonly string[], options: OpenOptions) {
    const { cols = 80, rows = 24 } = options;
    this.patienceMs = options.patienceMs ?? usualPatienceMs;
    this.term = new headless.Terminal({ cols, rows, allowProposedApi: true, scrollback: 100 });
    this.term.onTitleChange((title) => {
      this.title = title;
      this.meddling.push(`title ${title}`);
    });
    this.term.onBell(() => this.meddling.push('bell'));
    for (const osc of [1, 2, 4, 7, 8, 9, 10, 11, 12, 52, 133, 777, 1337])
      this.term.parser.registerOscHandler(osc, (data) => {
        this.meddling.push(`OSC ${osc} ${data}`);
        return false;
      });
    for (const [final, shown] of [
      ['h', true],
      ['l', false],
    ] as const)
      this.term.parser.registerCsiHandler({ prefix: '?', final }, (params) => {
        if (params.includes(25)) this.cursorShown = shown;
        return false;
      });
    for (const [final, drawing] of [
      ['h', true],
      ['l', false],
    ] as const)
      this.term.parser.registerCsiHandler({ prefix: '?', final }, (params) => {
        if (params.includes(2026)) this.drawing = drawing;
        return false;
      });
    this.pty = spawn(command, [...args], {
      name: options.env?.['TERM'] ?? 'xterm-256color',
      cols,
      rows,
      cwd: options.cwd ?? process.cwd(),
      // Who opens the program in a test is no newcomer, unless the test says so.
      env: {
        ORCHESTRA_TOUR: '0',
        ...(options.env ?? {
          PATH: process.env['PATH'] ?? '',
          HOME: process.env['HOME'] ?? '',
          LANG: 'C.UTF-8',
        }),
      },
    });
    this.pid = this.pty.pid;
    this.pty.onData((data) => {
      this.raw += data;
      this.term.write(data, () => this.wake());
    });
    this.exited = new Promise((resolve) => {
      this.pty.onExit(({ exitCode, signal }) => {
        // What was written last must be on the screen before anybody looks at it.
        this.term.write('', () => {
          resolve(signal ? 128 + signal : exitCode);
          this.wake();
        });
      });
    });
  }

  private wake(): void {
    for (const watcher of this.watchers) watcher();
  }

  /** The visible lines, without the spaces at their ends. */
  lines(): string[] {
    const { active } = this.term.buffer;
    return Array.from(
      { length: this.term.rows },
      (_, i) => active.getLine(active.baseY + i)?.translateToString(true) ?? '',
    );
  }

  screen(): string {
    return this.lines().join('\n');
  }

  /** The visible cells with their colours. */
  cells(): Cell[][] {
    const { active } = this.term.buffer;
    return Array.from({ length: this.term.rows }, (_, y) => {
      const line = active.getLine(active.baseY + y);
      return Array.from({ length: this.term.cols }, (_, x): Cell => {
        const cell = line?.getCell(x);
        const value = cell?.getFgColor() ?? 0;
        const colour: Colour = cell?.isFgRGB()
          ? { kind: 'rgb', value }
          : cell?.isFgPalette()
            ? { kind: 'palette', index: value }
            : { kind: 'default' };
        return {
          text: cell?.getChars() || ' ',
          width: cell?.getWidth() ?? 1,
          colour,
          bold: (cell?.isBold() ?? 0) !== 0,
          dim: (cell?.isDim() ?? 0) !== 0,
          inverse: (cell?.isInverse() ?? 0) !== 0,
        };
      });
    });
  }

  /** The modes of the terminal that programs set, as they are now. */
  modes(): Record<string, unknown> {
    const { modes } = this.term;
    return {
      cursorKeys: modes.applicationCursorKeysMode,
      keypad: modes.applicationKeypadMode,
      paste: modes.bracketedPasteMode,
      insert: modes.insertMode,
      mouse: modes.mouseTrackingMode,
      origin: modes.originMode,
      focus: modes.sendFocusMode,
      wrap: modes.wraparoundMode,
    };
  }

  /** The terminal is gone: its window was closed, or the connection broke. */
  hangUp(): void {
    // What `kill` of the library does not do: the other end of the pseudo-terminal is closed.
    Reflect.get(this.pty, 'destroy').call(this.pty);
  }

  cursor(): { x: number; y: number } {
    const { cursorX, cursorY } = this.term.buffer.active;
    return { x: cursorX, y: cursorY };
  }

  /** Which of its two screens the terminal shows. */
  buffer(): 'normal' | 'alternate' {
    return this.term.buffer.active.type;
  }

  /** Presses keys one after the other: a name (`enter`, `down`, …) or text as it is typed. */
  press(...keys: string[]): void {
    for (const key of keys) this.pty.write(named[key] ?? key);
  }

  resize(cols: number, rows: number): void {
    this.term.resize(cols, rows);
    this.pty.resize(cols, rows);
  }

  /** Resolves when the screen shows `wanted`; fails with the screen that stood there instead. */
  waitFor(
    wanted: string | RegExp | ((screen: string) => boolean),
    withinMs = this.patienceMs,
  ): Promise<string> {
    const holds = (screen: string) =>
      typeof wanted === 'string'
        ? screen.includes(wanted)
        : wanted instanceof RegExp
          ? wanted.test(screen)
          : wanted(screen);
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.drawing) return;
        const screen = this.screen();
        if (!holds(screen)) return;
        done();
        resolve(screen);
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`The screen never showed ${String(wanted)}. It shows:\n${this.screen()}`));
      }, withinMs);
      const done = () => {
        clearTimeout(timer);
        this.watchers.delete(look);
      };
      this.watchers.add(look);
      look();
    });
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  /** Ends the program, if it still runs, and waits until it has. */
  async close(): Promise<void> {
    try {
      process.kill(this.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    await this.exited;
    this.term.dispose();
  }
}

/** Starts `node` with `args` in a real terminal. */
export function openTerminal(args: readonly string[], options: OpenOptions = {}): RealTerminal {
  return new RealTerminal(process.execPath, args, options);
}
