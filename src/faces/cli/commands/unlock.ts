import { OrchestraError, exitCode } from '../../../domain/errors.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { LockLook } from '../../../engine/orchestrator.ts';
import type { Context } from '../context.ts';
import { heldEnvironment } from '../environment-held.ts';

/** `unlock --env E`: frees an environment that nobody stands behind any more; asks first, says what it did. */
export async function unlock(context: Context, options: { env?: string; why?: string }): Promise<number> {
  const { orchestrator, output } = context;
  const environment = await heldEnvironment(context, options.env);
  const found = await orchestrator.lockOf(environment);
  // Where somebody stands behind it the engine refuses: nobody is asked about what cannot be done.
  const free = found.kind === 'free' || (found.kind === 'held' && found.pid !== undefined);
  if (!free) await agreed(context, environment, found);
  const { deployment, did } = await orchestrator.unlock({
    environment,
    by: await orchestrator.actor('cli'),
    ...(options.why === undefined ? {} : { why: options.why }),
  });
  output.data({ environment, unlocked: did.length > 0, deployment: deployment ?? null, did });
  output.text(did.length === 0 ? `${environment} is not locked` : did.map((line) => safeText(line, 1000)));
  return exitCode.done;
}

async function agreed(
  { options, output, shell }: Context,
  environment: string,
  found: LockLook,
): Promise<void> {
  if (options.yes === true) return;
  for (const line of wordsOf(environment, found)) output.note(safeText(line, 1000));
  const yes = options.input && shell.confirm ? await shell.confirm('Unlock it?') : undefined;
  if (yes === true) return;
  throw new OrchestraError(
    'needs-yes',
    `${environment} stays locked: ${yes === false ? 'the answer was no' : 'nobody could be asked'}`,
    {
      exit: exitCode.gateRefused,
      hint: yes === false ? 'nothing was changed' : 'add --yes',
    },
  );
}

/** What unlocking would do. */
function wordsOf(environment: string, found: LockLook): string[] {
  if (found.kind === 'free') return [];
  if (found.kind === 'unreadable')
    return [found.problem, `Unlocking frees ${environment}; the file stays as it is.`];
  return [
    `${environment} is locked by ${found.owner} since ${found.since}, and the process behind it is gone.`,
    found.deployment === undefined
      ? 'No deployment had begun.'
      : `${found.deployment} ends as halted; traffic stays where it is. \`orchestrate resume\` would take it up again instead.`,
  ];
}
