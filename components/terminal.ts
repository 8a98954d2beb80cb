import { writeSync } from 'node:fs';
import type { ColourDepth } from '../store/themes.ts';
import { Frames } from './screen/frames.ts';
import { Incoming } from './screen/incoming.ts';
import { type MouseReport, MouseReports } from './screen/mouse-reports.ts';
import type { Outgoing } from './screen/outgoing.ts';
import { withoutReplies } from './screen/replies.ts';
import { onEnd } from './screen/signals.ts';
import { wrapped } from './screen/wrapped.ts';

/**
 * The alternate screen; without wrapping, so that no row too wide for a window that just shrank tears the picture; with
 * pasted text marked as such; the cursor hidden; and the order of right-to-left text left to us (BDSM).
 */
const enter = '\u001b[?1049h\u001b[?7l\u001b[?2004h\u001b[8l\u001b[2J\u001b[H\u001b[?25l';
/** Clicks and the wheel (mode 1000), in the form that knows no largest column (1006). */
const mouseOn = '\u001b[?1000h\u001b[?1006h';
const mouseOff = '\u001b[?1006l\u001b[?1000l';
const leave =
  '\u001b[?2026l\u001b[0m\u001b[8h\u001b[?2004l\u001b[?7h\u001b[?1006l\u001b[?1000l\u001b[?25h\u001b[?1049l';

/** Variables that make the renderer draw nothing, or choose colours by itself, while it loads. */
const loadTime = ['CI', 'CONTINUOUS_INTEGRATION', 'FORCE_COLOR'] as const;

/** How long a frame may be awaited after a resize before the last one is drawn again, milliseconds. */
const patienceMs = 50;

export interface Size {
  columns: number;
  rows: number;
}

export interface Terminal {
  size(): Size;
  /** Where the renderer writes. It is told of endless rows, or it would clear the scrollback on every shrink. */
  readonly output: NodeJS.WriteStream;
  /** Where the renderer reads keys; pasted text does not come through here. */
  readonly input: NodeJS.ReadStream;
  onPaste(listener: (text: string) => void): void;
  /** Takes the mouse, or leaves it to the terminal; as it is when the screen opens. */
  takeMouse(take: boolean): void;
  onMouse(listener: (report: MouseReport) => void): void;
  onResize(listener: (size: Size) => void): void;
  /** `close` is called once, before the screen is given back, however the process ends. */
  onClose(close: () => void): void;
  /** Stops the process as ctrl-z does elsewhere; `onResume` tells when it goes on. */
  suspend(): void;
  onResume(listener: (size: Size) => void): void;
  /** Gives the screen back as it was; further calls do nothing. */
  close(): void;
}

/** Runs `load` with the environment that the renderer needs to draw at all, then restores it for the programs we start. */
export async function withDrawingEnvironment<T>(depth: ColourDepth, load: () => Promise<T>): Promise<T> {
  const { env } = process;
  const before = loadTime.map((name) => [name, env[name]] as const);
  delete env['CI'];
  delete env['CONTINUOUS_INTEGRATION'];
  env['FORCE_COLOR'] = String(depth);
  try {
    return await load();
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete env[name];
      else env[name] = value;
  }
}

/**
 * Takes the whole screen (alternate buffer) and gives it back at exit, on every signal that ends or stops a program,
 * after an uncaught error, and when the terminal itself vanishes. The one place that handles the terminal.
 */
export function openTerminal(outgoing: Outgoing): Terminal {
  const { stdout, stdin } = process;
  const closers: (() => void)[] = [];
  const resumers: ((size: Size) => void)[] = [];
  const pasteListeners: ((text: string) => void)[] = [];
  const incoming = new Incoming();
  const mouseListeners: ((report: MouseReport) => void)[] = [];
  const mouseReports = new MouseReports();
  let mouse = false;
  let open = true;
  let closing = false;
  let stopped = false;

  /** Writes at once, also while the process ends. */
  const write = (text: string) => {
    for (let tries = 0, rest = Buffer.from(text); rest.length > 0 && tries < 1000; tries += 1)
      try {
        rest = rest.subarray(writeSync(stdout.fd, rest));
      } catch (error) {
        // A full terminal is tried again; one that is gone has nothing left to restore.
        if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return;
      }
  };

  const size = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const frames = new Frames(outgoing, size);

  function close(): void {
    if (closing) return;
    closing = true;
    for (const closer of closers) closer();
    open = false;
    write(leave);
  }

  function draw(): void {
    const frame = frames.again();
    if (frame && open) stdout.write(frame);
  }

  function resume(): void {
    if (!open) return;
    stopped = false;
    // A shell leaves its own modes behind.
    stdin.setRawMode(false);
    stdin.setRawMode(true);
    write(mouse ? enter + mouseOn : enter);
    draw();
    for (const resumer of resumers) resumer(size());
    // A window that changed meanwhile told whoever was in the foreground then. Node looks when it is told.
    process.kill(process.pid, 'SIGWINCH');
  }

  function suspend(): void {
    if (!open || stopped) return;
    stopped = true;
    stdin.setRawMode(false);
    write(leave);
    process.off('SIGTSTP', suspend);
    // The whole job stops, as the terminal's own ctrl-z has it, so that the shell comes back.
    process.kill(0, 'SIGTSTP');
    // Without a shell that could continue it nothing stops, and nothing would ever continue either.
    setTimeout(() => {
      process.on('SIGTSTP', suspend);
      if (stopped) resume();
    }, patienceMs);
  }

  onEnd(close);
  process.on('SIGTSTP', suspend);
  process.on('SIGCONT', resume);
  write(enter);

  const output = wrapped(
    stdout,
    new Map<string | symbol, unknown>([
      ['rows', 1_000_000],
      ['frames', frames],
      ['write', (piece: string) => stopped || !open || stdout.write(piece)],
    ]),
  );

  const read = () => {
    for (;;) {
      const piece: unknown = stdin.read();
      if (typeof piece !== 'string') return null;
      const { keys: typed, pastes } = incoming.push(piece);
      const { keys: all, reports } = mouseReports.push(typed);
      const keys = withoutReplies(all);
      for (const report of reports) for (const listener of mouseListeners) listener(report);
      for (const text of pastes) for (const listener of pasteListeners) listener(text);
      if (keys !== '') return keys;
    }
  };

  return {
    size,
    output,
    input: wrapped(stdin, new Map<string | symbol, unknown>([['read', read]])),
    onPaste(listener) {
      pasteListeners.push(listener);
    },
    takeMouse(take) {
      if (take === mouse) return;
      mouse = take;
      if (open && !stopped) write(take ? mouseOn : mouseOff);
    },
    onMouse(listener) {
      mouseListeners.push(listener);
    },
    onResize(listener) {
      stdout.prependListener('resize', () => {
        if (!open || stopped) return;
        frames.lose();
        listener(size());
        setTimeout(() => {
          if (frames.lost) draw();
        }, patienceMs).unref();
      });
    },
    onClose(closer) {
      closers.push(closer);
    },
    suspend,
    onResume(listener) {
      resumers.push(listener);
    },
    close,
  };
}
