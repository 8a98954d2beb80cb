import process from 'node:process';

import module from 'node:module';

// From Node 22.1 on, what was compiled once is kept: later starts are quicker. Before that there is no such thing.
if ('enableCompileCache' in module && typeof module.enableCompileCache === 'function')
  module.enableCompileCache();

/** The folder of `-C DIR` when that is all the arguments say; undefined when there is a command. */
function folderOnly(args: readonly string[]): string | undefined {
  if (args.length === 0) return '.';
  if (args.length === 2 && args[0] === '-C') return args[1];
  const [only] = args;
  return args.length === 1 && only?.startsWith('-C') && only.length > 2 ? only.slice(2) : undefined;
}

const args = process.argv.slice(2);
const folder = folderOnly(args);

if (folder !== undefined && process.stdin.isTTY && process.stdout.isTTY) {
  const { startUi } = await import('../components/start.ts');
  const load = async () => {
    const { compose } = await import('./compose.ts');
    return compose(folder);
  };
  process.exit(await startUi({ load }));
} else {
  const { runCommandLine } = await import('./cli.ts');
  process.exitCode = await runCommandLine(args);
}
