import { counted } from '../../../domain/counted.ts';
import { OrchestraError, exitCode } from '../../../domain/errors.ts';
import type { Improvement } from '../../../domain/improvement.ts';
import { canApply, lookedWords, savingWords } from '../../../domain/improvement-words.ts';
import { diffText } from '../../../domain/line-diff.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { Context } from '../context.ts';
import { knownEnvironment } from '../known-environment.ts';

export interface ImproveOptions {
  env?: string;
}

/** `improve`: what past deployments say could be done better, each with the change of `orchestra.yaml` that does it. */
export async function improve(
  { orchestrator, output, shell }: Context,
  { env }: ImproveOptions,
): Promise<number> {
  if (env !== undefined) await knownEnvironment(orchestrator, env);
  const found = await orchestrator.improvements({
    ...(env === undefined ? {} : { environment: env }),
    signal: shell.interrupted,
  });
  output.data(found);
  output.text([
    lookedWords(found),
    ...found.improvements.flatMap((one) => ['', ...wordsOf(one)]),
    ...(found.improvements.some(canApply)
      ? [
          '',
          '`orchestrate improve apply ID` writes one into orchestra.yaml, after showing it; commit it then as any other change.',
        ]
      : []),
  ]);
  return exitCode.done;
}

/** `improve apply ID`: shows the change, asks, and writes exactly that. Throws `needs-yes` (4) where nobody said so. */
export async function applyImprovement(
  context: Context,
  id: string,
  { env }: ImproveOptions,
): Promise<number> {
  const { orchestrator, output } = context;
  if (env !== undefined) await knownEnvironment(orchestrator, env);
  const asked = env === undefined ? {} : { environment: env };
  const { improvements } = await orchestrator.improvements(asked);
  const one = improvements.find((other) => other.id === id);
  if (one) refuse(one);
  if (one) await agreed(context, one);
  const by = await orchestrator.actor('cli');
  const applied = await orchestrator.applyImprovement({ ...asked, id, hash: one?.change?.hash ?? '', by });
  output.data({ schema: 'orchestra/improvement-applied@1', ...applied });
  output.text([
    `orchestra.yaml was changed: ${safeText(one?.suggestion ?? id, 500)}`,
    ...diffText(applied.diff).map((line) => `  ${safeText(line, 300)}`),
    'Look it over and commit it; deployments that are under way keep the settings of their plan.',
  ]);
  return exitCode.done;
}

/** Throws where it cannot be applied, with the reason and what a person can do. */
function refuse(one: Improvement): void {
  if (canApply(one)) return;
  throw new OrchestraError('cannot-edit', one.whyNot ?? `no setting does ${one.id} by itself`, {
    exit: one.change === undefined ? exitCode.usage : exitCode.io,
    hint: one.suggestion,
  });
}

async function agreed({ options, output, shell }: Context, one: Improvement): Promise<void> {
  if (options.yes === true) return;
  for (const line of wordsOf(one)) output.note(line);
  const yes = options.input && shell.confirm ? await shell.confirm('Change orchestra.yaml so?') : undefined;
  if (yes === true) return;
  throw new OrchestraError(
    'needs-yes',
    `nothing was changed: ${yes === false ? 'the answer was no' : 'nobody could be asked'}`,
    { exit: exitCode.gateRefused, hint: yes === false ? 'orchestra.yaml is as it was' : 'add --yes' },
  );
}

function wordsOf(one: Improvement): string[] {
  const saving = savingWords(one);
  return [
    one.title,
    ...one.evidence.map((line) => `  ${line}`),
    `  → ${one.suggestion}`,
    ...(saving === undefined ? [] : [`  It ${saving} (n=${one.n}).`]),
    ...one.weakens.map((line) => `  ! weakens: ${line}`),
    ...(one.whyNot === undefined ? [] : [`  It cannot be applied: ${one.whyNot}.`]),
    ...(one.change ? [`  ${counted(one.edits.length, 'change')} of orchestra.yaml (apply ${one.id}):`] : []),
    ...(one.change ? diffText(one.change.diff).map((line) => `    ${line}`) : []),
  ].map((line) => safeText(line, 600));
}
