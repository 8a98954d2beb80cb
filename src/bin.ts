import { createInterface } from 'node:readline/promises';

/** The folder of `-C DIR` when that is all the arguments say; undefined when there is a command. */
function folderOnly(args: readonly string[]): string | undefined {
  if (args.length === 0) return '.';
  if (args.length === 2 && args[0] === '-C') return args[1];
  return undefined;
}

/** Asks on the terminal; stdout stays data. */
async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

const args = process.argv.slice(2);
const { main } = await import('./faces/cli/main.ts');
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort(new Error('interrupted')));
void folderOnly;
process.exitCode = await main(
  args,
  {
    open: async (dir) => (await import('./compose.ts')).compose(dir),
    stdout: process.stdout,
    stderr: process.stderr,
    confirm: process.stdin.isTTY && process.stderr.isTTY ? confirm : undefined,
    interrupted: interrupted.signal,
    cwd: process.cwd(),
  },
  '0.1.0',
);
