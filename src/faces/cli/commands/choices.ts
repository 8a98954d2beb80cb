import { counted } from '../../../domain/counted.ts';
import { agreementLines, choicesLines } from '../../../domain/choices-lines.ts';
import { OrchestraError, exitCode } from '../../../domain/errors.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { Context } from '../context.ts';

/** `choices`: what was learned of what people chose against the advice, with its numbers. */
export async function choices({ orchestrator, output }: Context): Promise<number> {
  const report = await orchestrator.choices();
  output.data(report);
  output.text([...choicesLines(report), '', ...agreementLines(report.agreement)]);
  return exitCode.done;
}

/** `choices clear`: forgets it; what there was is kept in a file. Throws `needs-yes` (4) where nobody said so. */
export async function clearChoices(context: Context, { why }: { why?: string }): Promise<number> {
  const { orchestrator, output } = context;
  await agreed(context);
  const done = await orchestrator.clearChoices({
    by: await orchestrator.actor('cli'),
    ...(why === undefined ? {} : { why }),
  });
  output.data({ schema: 'orchestra/choices-cleared@1', ...done });
  output.text(
    done.backup === null
      ? 'Nothing was learned of choices yet; those of deployments asked for before now will not count.'
      : [
          `Forgotten: what was chosen of ${counted(done.changes, 'change')} in ${counted(done.deployments, 'deployment')}.`,
          `It stands in ${safeText(done.backup, 1000)}.`,
        ],
  );
  return exitCode.done;
}

async function agreed({ options, output, shell }: Context): Promise<void> {
  if (options.yes === true) return;
  output.note(
    'What was chosen so far moves no advice any more; it is kept in a file. Records and other patterns stay.',
  );
  const yes = options.input && shell.confirm ? await shell.confirm('Forget it?') : undefined;
  if (yes === true) return;
  throw new OrchestraError(
    'needs-yes',
    `nothing was changed: ${yes === false ? 'the answer was no' : 'nobody could be asked'}`,
    {
      exit: exitCode.gateRefused,
      hint: yes === false ? '`orchestrate choices` shows what was learned' : 'add --yes',
    },
  );
}
