import { createInterface } from 'node:readline/promises';
import { version } from '../package.json';
import { compose } from './compose.ts';
import { main } from './faces/cli/main.ts';

async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

/** Runs one command line in this process; its exit code. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  return main(
    args,
    {
      open: compose,
      stdout: process.stdout,
      stderr: process.stderr,
      confirm: process.stdin.isTTY && process.stderr.isTTY ? confirm : undefined,
      interrupted: interrupted.signal,
      cwd: process.cwd(),
    },
    version,
  );
}
