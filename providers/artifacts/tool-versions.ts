import { safeText } from '../../src/domain/safe-text.ts';
import type { Runner } from '../../src/ports/runner.ts';
import { minimalEnvironment } from '../runtime/environment.ts';

const npm = ['npm', '--version'] as const;

/** How a tool is asked for its version, where its name stands in a command. */
const asked: Readonly<Record<string, readonly [string, ...string[]]>> = {
  node: ['node', '--version'],
  npm,
  npx: npm,
  pnpm: ['pnpm', '--version'],
  yarn: ['yarn', '--version'],
  bun: ['bun', '--version'],
  deno: ['deno', '--version'],
  go: ['go', 'version'],
  cargo: ['cargo', '--version'],
  python3: ['python3', '--version'],
  python: ['python', '--version'],
  mvn: ['mvn', '--version'],
  gradle: ['gradle', '--version'],
  dotnet: ['dotnet', '--version'],
  bundle: ['bundle', '--version'],
  composer: ['composer', '--version'],
  make: ['make', '--version'],
  gcc: ['gcc', '--version'],
  cc: ['cc', '--version'],
};
const timeoutMs = 10_000;
const mostBytes = 4096;

/** What the tools that commands name say of their versions, by name; one that is not there, or says nothing, is left out. */
export async function toolVersions(
  runner: Runner,
  commands: readonly (string | undefined)[],
  cwd: string,
  signal?: AbortSignal,
): Promise<{ name: string; version: string }[]> {
  const words = new Set(commands.flatMap((command) => command?.split(/[\s;&|()"']+/) ?? []));
  const names = Object.keys(asked).filter((name) => words.has(name));
  const told: { name: string; version: string }[] = [];
  for (const argv of new Set(names.map((name) => asked[name]))) {
    if (!argv) continue;
    let said = '';
    const { exitCode } = await runner.program(argv, {
      cwd,
      env: minimalEnvironment(process.env),
      timeoutMs,
      ...(signal ? { signal } : {}),
      onOutput: (chunk) => {
        if (said.length < mostBytes) said += chunk.toString('utf8');
      },
    });
    const [first = ''] = said.split('\n').filter((line) => /\d/.test(line));
    if (exitCode === 0 && first !== '') told.push({ name: argv[0], version: safeText(first.trim(), 100) });
  }
  return told.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
