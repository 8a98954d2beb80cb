import type { Command } from 'commander';
import { audit, type AuditOptions } from './commands/audit.ts';
import { choices, clearChoices } from './commands/choices.ts';
import { doctor, type DoctorOptions } from './commands/doctor.ts';
import { learn } from './commands/learn.ts';
import { reset, type ResetOptions } from './commands/reset.ts';
import type { Context, GlobalOptions, Shell } from './context.ts';
import type { Output } from './output.ts';

type Act = (run: (context: Context) => Promise<number>, recovery?: 'recover' | 'leave') => Promise<void>;

type Alone = (
  run: (output: Output, options: GlobalOptions, shell: Shell) => Promise<number>,
) => Promise<void>;

/** What looks after the memory and all it needs: doctor, learning, audit trail, beginning anew. */
export function addUpkeep(program: Command, act: Act, alone: Alone): void {
  program
    .command('doctor')
    .description(
      'look at everything, and say how to mend what is not well; exit code 1 where anything failed',
    )
    .option('--fix', 'first remove what killed writers left, and take what is derived anew')
    .option('--all', 'read every deployment of the history, not only the newest')
    .action((options: DoctorOptions) =>
      alone((output, global, shell) => doctor(output, global, shell, options)),
    );

  program
    .command('learn')
    .description(
      'learn from the git history which changes needed a fix later; what is learned already is not read again',
    )
    .option('--base <ref>', 'what runs in production')
    .option('--head <ref>', 'where changes wait')
    .action((options: { base?: string; head?: string }) => act((c) => learn(c, options)));

  program
    .command('audit')
    .description('who did what, when, from where and why; newest first')
    .option('--env <name>', 'only this environment')
    .option('--since <date>', 'on or after')
    .option('--until <date>', 'on or before')
    .option('--search <text>', 'with all these words')
    .option('--limit <n>', 'at most so many')
    .option('--verify', 'whether the trail is what was written; exit code 1 where it is not')
    .action((options: AuditOptions) => act((c) => audit(c, options)));

  const chosen = program
    .command('choices')
    .description('what you chose against the advice, and what that moves; `choices clear` forgets it');
  chosen
    .command('show', { isDefault: true })
    .description('what was learned, with its numbers')
    .action(() => act((c) => choices(c)));
  chosen
    .command('clear')
    .description('forget it; what there was is kept in a file')
    .option('--why <text>', 'a reason for the record')
    .action((options: { why?: string }) => act((c) => clearChoices(c, options)));

  program
    .command('reset')
    .description('put the memory away and begin anew; nothing is deleted, what serves goes on')
    .option('--keep-preferences', 'take your preferences along')
    .option('--undo [backup]', 'bring a backup back, the newest unless named')
    .option('--list', 'what was put away')
    .option('--why <text>', 'a reason for the record')
    .action((options: ResetOptions) => act((c) => reset(c, options)));
}
