import { counted } from '../../../domain/counted.ts';
import type { Backup } from '../../../domain/backup.ts';
import { OrchestraError, exitCode } from '../../../domain/errors.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { ResetDone } from '../../../engine/orchestrator.ts';
import type { Context } from '../context.ts';

export interface ResetOptions {
  keepPreferences?: true;
  /** The backup's name, or true for the newest. */
  undo?: string | true;
  list?: true;
  why?: string;
}

/** `reset`: puts the memory away and begins anew; `--undo` brings it back. Asks first, says what was kept where. */
export async function reset(context: Context, options: ResetOptions): Promise<number> {
  const { orchestrator, output } = context;
  const { undo, why } = options;
  if (undo !== undefined && options.keepPreferences === true) throw exclude('--undo', '--keep-preferences');
  if (options.list === true && (undo !== undefined || options.keepPreferences === true))
    throw exclude('--list', undo === undefined ? '--keep-preferences' : '--undo');
  if (options.list === true) return list(context);
  const asked = { by: await orchestrator.actor('cli'), ...(why === undefined ? {} : { why }) };
  await agreed(context, undo === undefined ? 'reset' : 'undo');
  const done =
    undo === undefined
      ? await orchestrator.reset({ ...asked, keepPreferences: options.keepPreferences === true })
      : await orchestrator.undoReset({ ...asked, ...(undo === true ? {} : { name: undo }) });
  output.data(asData(done));
  output.text(wordsOf(done).map((line) => safeText(line, 1000)));
  return exitCode.done;
}

function exclude(one: string, other: string): OrchestraError {
  return new OrchestraError('usage', `${one} and ${other} exclude each other`, {
    exit: exitCode.usage,
    hint: 'preferences are those of the memory that comes back with --undo; --list only looks',
  });
}

async function list({ orchestrator, output }: Context): Promise<number> {
  const backups = await orchestrator.backups();
  output.data({ schema: 'orchestra/backup-list@1', backups });
  output.text(backups.length === 0 ? 'nothing was put away yet' : backups.map(describe));
  return exitCode.done;
}

function describe({ name, by, why, state, restores, restored, parts }: Backup): string {
  const what = restores === undefined ? 'reset' : `undo, ${restores} came back`;
  const then = [
    ...(state === 'done' ? [] : ['interrupted: `orchestrate reset` ends it']),
    ...(restored === undefined ? [] : [`brought back ${restored}`]),
  ];
  return safeText(
    `${name}  ${what} by ${by.name}${why === undefined ? '' : `: ${why}`}  ${[parts.join(', ') || 'nothing', ...then].join('; ')}`,
    500,
  );
}

/** Throws `needs-yes` (4) where nobody said so: `reset` is typed as a word, since a `y` comes too easily. */
async function agreed({ options, output, shell }: Context, what: 'reset' | 'undo'): Promise<void> {
  if (options.yes === true) return;
  output.note(
    what === 'reset'
      ? 'History, patterns, preferences and the saved choice are put away into deployment_memory/backups/; nothing is deleted, and what serves goes on.'
      : 'What is in the memory now is put away first; deployments since the reset are kept beside those that come back.',
  );
  const said = options.input && shell.ask ? await shell.ask(`Type ${what} to go on:`) : undefined;
  if (said === what) return;
  throw new OrchestraError(
    'needs-yes',
    `nothing was changed: ${said === undefined ? 'nobody could be asked' : `the answer was not ${what}`}`,
    { exit: exitCode.gateRefused, hint: said === undefined ? 'add --yes' : `type ${what}, or add --yes` },
  );
}

function asData({ backup, finished, putAway, cameBack, since, serving }: ResetDone) {
  return {
    schema: 'orchestra/reset@1',
    backup: { name: backup.name, path: `deployment_memory/backups/${backup.name}`, parts: backup.parts },
    finished,
    restored: backup.restores ?? null,
    preferences: backup.restores !== undefined ? 'restored' : backup.keepPreferences ? 'kept' : 'fresh',
    deployments: { putAway, cameBack, since },
    serving,
  };
}

function wordsOf({ backup, finished, putAway, cameBack, since, serving }: ResetDone): string[] {
  const { name, restores, keepPreferences, parts } = backup;
  const away = `deployment_memory/backups/${name}`;
  return [
    ...(finished ? ['A reset that was interrupted was ended now.'] : []),
    parts.length === 0
      ? 'The memory was empty.'
      : `Put away into ${away}: ${parts.join(', ')} (${counted(putAway.length, 'deployment')}).`,
    restores === undefined
      ? `The memory begins anew, ${keepPreferences ? 'with your preferences' : 'with the first preferences'}.`
      : `${restores} is back: ${counted(cameBack.length, 'deployment')}${since.length > 0 ? `, and ${since.length} since then beside them` : ''}.`,
    ...serving.map(
      ({ environment, sha }) =>
        `${environment} goes on with ${sha.slice(0, 12)}; the next deployment builds on it.`,
    ),
    'The audit trail and exports stay where they are.',
    'To go back: `orchestrate reset --undo`.',
  ];
}
