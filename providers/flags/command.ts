import { OrchestraError } from '../../src/domain/errors.ts';
import type { FlagProvider } from '../../src/domain/flag.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import type { Runner } from '../../src/ports/runner.ts';
import { minimalEnvironment } from '../runtime/environment.ts';

type CommandProvider = Extract<FlagProvider, { kind: 'command' }>;

const maxBytes = 64_000;
const killAfterMs = 1000;

export interface FlagCommands {
  runner: Runner;
  /** Where they run. */
  cwd: string;
  /** Where variables come from, by name. */
  environment: Readonly<Record<string, string | undefined>>;
}

/** What the user's own program says the flag is at: a number, `on` or `off`, on the last line of its output. */
export async function readByCommand(
  commands: FlagCommands,
  provider: CommandProvider,
  flag: string,
  signal?: AbortSignal,
): Promise<number> {
  const said = await run(commands, provider, provider.read, { FLAG: flag }, 'flag-unreadable', signal);
  const line =
    said
      .split('\n')
      .findLast((text) => text.trim() !== '')
      ?.trim() ?? '';
  if (/^(on|true)$/i.test(line)) return 100;
  if (/^(off|false)$/i.test(line)) return 0;
  const percent = /^\d{1,3}(\.\d{1,6})?\s?%?$/.test(line) ? Number.parseFloat(line) : Number.NaN;
  if (percent >= 0 && percent <= 100) return percent;
  throw new OrchestraError(
    'flag-unreadable',
    `the command that reads ${flag} said ${JSON.stringify(safeText(line, 80))}, which is no percentage`,
    { hint: 'its last line must be a number from 0 to 100, or on or off' },
  );
}

/** Runs the user's own program that sets a flag. Throws code `flag-unset` with what it said. */
export async function setByCommand(
  commands: FlagCommands,
  provider: CommandProvider,
  set: { flag: string; percent: number; by: string; why: string },
  signal?: AbortSignal,
): Promise<void> {
  const { flag, percent, by, why } = set;
  const told = {
    FLAG: flag,
    PERCENT: String(percent),
    ORCHESTRA_BY: by,
    ORCHESTRA_WHY: why,
  };
  await run(commands, provider, provider.set, told, 'flag-unset', signal);
}

async function run(
  { runner, cwd, environment }: FlagCommands,
  { env, timeoutMs }: CommandProvider,
  argv: CommandProvider['set'],
  told: Record<string, string>,
  code: 'flag-unreadable' | 'flag-unset',
  signal: AbortSignal | undefined,
): Promise<string> {
  const own: Record<string, string> = {};
  for (const name of env) {
    const value = environment[name];
    if (value !== undefined) own[name] = value;
  }
  let output = '';
  const result = await runner.program(argv, {
    cwd,
    env: { ...minimalEnvironment(environment), ...own, ...told },
    timeoutMs,
    killAfterMs,
    ...(signal ? { signal } : {}),
    onOutput: (chunk) => {
      output = `${output}${chunk.toString('utf8')}`.slice(-maxBytes);
    },
    onErrorOutput: () => {},
  });
  if (result.exitCode === 0 && !result.timedOut) return output;
  const how = result.timedOut ? 'did not end in time' : `ended with exit code ${result.exitCode ?? 'none'}`;
  throw new OrchestraError(code, `${safeText(argv[0], 200)} ${how} for the flag ${told['FLAG']}`, {
    hint: 'run it by hand with FLAG and PERCENT in its environment to see why',
  });
}
