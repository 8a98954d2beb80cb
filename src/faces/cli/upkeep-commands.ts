import type { Command } from 'commander';
import { audit, type AuditOptions } from './commands/audit.ts';
import type { Context } from './context.ts';

type Act = (run: (context: Context) => Promise<number>, recovery?: 'recover' | 'leave') => Promise<void>;

/** What looks after the memory: its audit trail. */
export function addUpkeep(program: Command, act: Act): void {
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
}
