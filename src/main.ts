import { personalFile } from '../providers/runtime/personal-file.ts';
import { keepCompiled } from './code-cache.ts';

/** The folder of `-C DIR` when that is all the arguments say; undefined when there is a command. */
function folderOnly(args: readonly string[]): string | undefined {
  if (args.length === 0) return '.';
  if (args.length === 2 && args[0] === '-C') return args[1];
  const [only] = args;
  return args.length === 1 && only?.startsWith('-C') && only.length > 2 ? only.slice(2) : undefined;
}

async function openScreen(dir: string): Promise<void> {
  const { startUi } = await import('../components/start.ts');
  const load = async () => {
    // The first frame stands, and nothing that comes after it is in the way of the next start's.
    keepCompiled();
    const { compose } = await import('./compose.ts');
    return compose(dir);
  };
  process.exit(await startUi({ load, personal: personalFile(process.env) }));
}

async function runCommand(args: readonly string[]): Promise<void> {
  const { runCommandLine } = await import('./cli.ts');
  process.exitCode = await runCommandLine(args);
  // What was said stands: the next command starts sooner.
  keepCompiled();
}

/** Where there is no terminal to draw on: what the screen opens with, as lines. */
async function printLines(dir: string): Promise<void> {
  const { runCommandLine } = await import('./cli.ts');
  for (const view of ['status', 'discover']) {
    if (view !== 'status') process.stdout.write('\n');
    process.exitCode = await runCommandLine(['-C', dir, view]);
    if (process.exitCode !== 0) return;
  }
  process.stderr.write('\norchestrate --help names the command of every other view.\n');
}

const args = process.argv.slice(2);
const folder = folderOnly(args);
if (folder === undefined) void runCommand(args);
else void (process.stdin.isTTY && process.stdout.isTTY ? openScreen(folder) : printLines(folder));
