import { writeSync } from 'node:fs';

const enter = '\u001b[?1049h\u001b[2J\u001b[H\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
const clear = '\u001b[2J\u001b[H';

/** Variables that make the renderer draw nothing, or colour what was asked to be plain, while it loads. */
const loadTime = ['CI', 'CONTINUOUS_INTEGRATION', 'FORCE_COLOR'] as const;

export interface Size {
  columns: number;
  rows: number;
}

export interface Terminal {
  size(): Size;
  /** Where the renderer writes. It is told of endless rows, or it would clear the scrollback on every shrink. */
  readonly output: NodeJS.WriteStream;
  onResize(listener: (size: Size) => void): void;
  /** `close` is called once, before the screen is given back, however the process ends. */
  onClose(close: () => void): void;
  /** `before` and `after` surround a stop by ctrl-z. */
  suspend(before: () => void, after: () => void): void;
  /** Gives the screen back as it was; further calls do nothing. */
  close(): void;
}

/** Runs `load` with the environment that the renderer needs to draw at all, then restores it for the programs we start. */
export async function withDrawingEnvironment<T>(load: () => Promise<T>): Promise<T> {
  const { env } = process;
  const before = loadTime.map((name) => [name, env[name]] as const);
  delete env['CI'];
  delete env['CONTINUOUS_INTEGRATION'];
  if (env['NO_COLOR']) env['FORCE_COLOR'] = '0';
  try {
    return await load();
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete env[name];
      else env[name] = value;
  }
}

/**
 * Takes the whole screen (alternate buffer) and gives it back at exit, on SIGINT, SIGTERM and SIGHUP, after an uncaught
 * error, and when the terminal itself vanishes. The one place that handles the terminal.
 */
export function openTerminal(): Terminal {
  const { stdout, stdin } = process;
  const closers: (() => void)[] = [];
  let open = true;
  /** How often the screen was wiped: whoever draws only what changed has to draw all of it then. */
  let wiped = 0;
  /** The terminal is somebody else's until the process goes on. */
  let stopped = false;

  const write = (text: string) => {
    try {
      writeSync(stdout.fd, text);
    } catch {
      // The terminal is gone; there is nothing left to restore.
    }
  };

  function close(): void {
    if (!open) return;
    open = false;
    for (const closer of closers) closer();
    write(leave);
  }

  function crash(error: unknown): void {
    close();
    const told = error instanceof Error ? error : new Error(String(error));
    const stack = process.env['ORCHESTRA_DEBUG'] === '1' ? told.stack : undefined;
    try {
      writeSync(
        process.stderr.fd,
        `orchestrate stopped: ${told.message}\nWhat was being deployed goes on: orchestrate status. ORCHESTRA_DEBUG=1 shows where it failed.\n${stack ? `${stack}\n` : ''}`,
      );
    } catch {
      // Nobody is there to be told.
    }
    process.exit(1);
  }

  function vanished(error: NodeJS.ErrnoException): void {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') return crash(error);
    close();
    process.exit(129);
  }

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.on(signal, () => {
      close();
      process.exit(code);
    });
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  process.on('exit', close);
  stdout.on('error', vanished);
  stdin.on('error', vanished);
  stdin.on('end', () => {
    close();
    process.exit(129);
  });
  write(enter);

  const output = new Proxy(stdout, {
    get(target, name) {
      if (name === 'rows') return 1_000_000;
      if (name === 'wiped') return wiped;
      if (name === 'write' && stopped) return () => true;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const size = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });

  return {
    size,
    output,
    onResize(listener) {
      stdout.prependListener('resize', () => {
        if (!open) return;
        wiped += 1;
        write(clear);
        listener(size());
      });
    },
    onClose(closer) {
      closers.push(closer);
    },
    suspend(before, after) {
      before();
      stdin.setRawMode(false);
      write(leave);
      stopped = true;
      process.once('SIGCONT', () => {
        stdin.setRawMode(true);
        stopped = false;
        wiped += 1;
        write(enter);
        after();
      });
      process.kill(process.pid, 'SIGTSTP');
    },
    close,
  };
}
