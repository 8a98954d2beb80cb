import { hostname, userInfo } from 'node:os';

/** The folder of `-C DIR` when that is all the arguments say; undefined when there is a command. */
function folderOnly(args: readonly string[]): string | undefined {
  if (args.length === 0) return '.';
  if (args.length === 2 && args[0] === '-C') return args[1];
  const [only] = args;
  return args.length === 1 && only?.startsWith('-C') && only.length > 2 ? only.slice(2) : undefined;
}

function personName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

const args = process.argv.slice(2);
const folder = folderOnly(args);

if (folder !== undefined && process.stdin.isTTY && process.stdout.isTTY) {
  const { startUi } = await import('../components/start.ts');
  process.exit(
    await startUi({
      load: async () => {
        const { compose } = await import('./compose.ts');
        return compose(folder);
      },
      actor: { name: personName(), face: 'ui', host: hostname(), pid: process.pid },
    }),
  );
} else {
  const { main } = await import('./faces/cli/main.ts');
  process.exitCode = await main(args);
}
