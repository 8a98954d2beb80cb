import { createInterface } from 'node:readline/promises';
import { version } from '../package.json';
import { compose, composeDoctor, composeProject } from './compose.ts';
import { main } from './faces/cli/main.ts';
import { endWhenUnread } from './faces/cli/output.ts';

/** Asks on the terminal; stdout stays data. */
async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(`${question} `)).trim();
  } finally {
    lines.close();
  }
}

/** Where the command was started; the shell's name for it where that folder was deleted since. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return process.env['PWD'] ?? '/nonexistent';
  }
}

/** Runs one command line in this process; its exit code. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  endWhenUnread(process.stdout, process.stderr);
  const interactive = process.stdin.isTTY && process.stderr.isTTY;
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  return main(
    args,
    {
      open: compose,
      openProject: composeProject,
      openDoctor: composeDoctor,
      stdout: process.stdout,
      stderr: process.stderr,
      ask: interactive ? ask : undefined,
      confirm: interactive ? async (question) => /^y(es)?$/i.test(await ask(`${question} [y/N]`)) : undefined,
      interrupted: interrupted.signal,
      cwd: workingFolder(),
    },
    version,
  );
}
