import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Places } from './places.ts';

/** How the product's command line is called: as anybody would call it, with a state directory of the demo's own. */
export interface Product {
  /** Runs a command with `--json` and gives its exit code and its lines, parsed; `onLine` sees each as it comes. */
  run(args: readonly string[], onLine?: (line: unknown) => void): Promise<Ran>;
  /** Hands the terminal to the full-screen UI and gives its exit code. */
  screen(): Promise<number>;
  /** Ends a command that is under way; what it started in the background goes on. */
  interrupt(): void;
}

export interface Ran {
  exitCode: number;
  lines: unknown[];
  /** The last of what it told people. */
  said: string;
}

/** What a program printed on one line: JSON, or the text itself where it is none. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

/** `program` is the built `dist/bin.js`. */
export function openProduct(program: string, places: Places): Product {
  // A process that stays for a day is nothing that a demo should leave behind.
  const env = {
    ...process.env,
    ORCHESTRA_STATE_DIR: places.state,
    ORCHESTRA_VERIFICATION: 'off',
    ORCHESTRA_WARM_START: 'off',
  };
  let current: ChildProcess | undefined;
  return {
    async run(args, onLine) {
      const child = spawn(process.execPath, [program, '-C', places.shop, ...args, '--json'], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      current = child;
      const lines: unknown[] = [];
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-4000);
      });
      const closed = once(child, 'close');
      for await (const line of createInterface({ input: child.stdout })) {
        const value = parsed(line);
        lines.push(value);
        onLine?.(value);
      }
      await closed;
      current = undefined;
      return { exitCode: child.exitCode ?? 1, lines, said: said.trim() };
    },
    async screen() {
      const child = spawn(process.execPath, [program, '-C', places.shop], { env, stdio: 'inherit' });
      current = child;
      await once(child, 'close');
      return child.exitCode ?? 1;
    },
    interrupt: () => {
      current?.kill('SIGTERM');
    },
  };
}
