import type { Command } from 'commander';
import {
  checkEnvironments,
  compareEnvironments,
  listEnvironments,
  showOne,
} from './commands/environments.ts';
import type { Context } from './context.ts';

/** `env` with its subcommands; all of them only look. */
export function addEnvironments(
  command: Command,
  act: (run: (context: Context) => Promise<number>) => Promise<void>,
): void {
  command.description('environments side by side: what serves, who holds them, what drifted');
  command
    .command('list')
    .description('every environment: version, since when, lock, what is not as it should be')
    .action(() => act(listEnvironments));
  command
    .command('show')
    .description('one environment, and how the next deployment to it would go; never a secret')
    .argument('[environment]')
    .action((name: string | undefined) => act((c) => showOne(c, name)));
  command
    .command('check')
    .description('whether router, processes, record and lock agree; exit code 1 where they do not')
    .argument('[environment]')
    .action((name: string | undefined) => act((c) => checkEnvironments(c, name)));
  command
    .command('compare')
    .description('what each of two environments has that the other has not')
    .argument('<environment>')
    .argument('<other>')
    .action((a: string, b: string) => act((c) => compareEnvironments(c, a, b)));
}
