import path from 'node:path';
import type { FlagProvider } from '../../src/domain/flag.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { FlagService, FlagState } from '../../src/ports/flags.ts';
import type { Runner } from '../../src/ports/runner.ts';
import { folderOf } from '../routers/embedded/control-client.ts';
import { passFence } from '../platforms/local/fence.ts';
import { readByCommand, setByCommand } from './command.ts';
import { readFlagFile, writeFlagFile } from './file.ts';

/** The providers behind one port. What was set is read anew before it is believed. */
export function createFlags(options: {
  runner: Runner;
  /** The repository's root: where commands run, and what relative paths start from. */
  root: string;
  stateDir: string;
  clock: Clock;
  environment: Readonly<Record<string, string | undefined>>;
}): FlagService {
  const { root, stateDir, clock } = options;
  const commands = { ...options, cwd: root };

  async function read(provider: FlagProvider, flag: string, signal?: AbortSignal): Promise<FlagState> {
    switch (provider.kind) {
      case 'file':
        return { flag, percent: await readFlagFile(provider, root, flag) };
      case 'command':
        return { flag, percent: await readByCommand(commands, provider, flag, signal) };
      default:
        return provider satisfies never;
    }
  }

  return {
    read,
    async set(provider, { flag, percent }, author, signal) {
      await passFence(path.join(folderOf(stateDir, author.environment), 'flags'), author.fence, clock);
      signal?.throwIfAborted();
      switch (provider.kind) {
        case 'file':
          await writeFlagFile(provider, root, flag, percent);
          break;
        case 'command':
          await setByCommand(commands, provider, { flag, percent, ...author }, signal);
          break;
        default:
          return provider satisfies never;
      }
      return read(provider, flag, signal);
    },
  };
}
