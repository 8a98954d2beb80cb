import { exitCode } from '../../../domain/errors.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { Context } from '../context.ts';
import { environmentOf } from './deploy.ts';

const marks = { passed: '✔', failed: '✖', skipped: '–' } as const;

/** `deploy verify`: looks at what an environment runs, now; 1 where something is wrong with it. It takes nothing back. */
export async function verify(context: Context, { env }: { env?: string }): Promise<number> {
  const { orchestrator, output } = context;
  const found = await orchestrator.verify(await environmentOf(context, env));
  const failed = found.checks.some(({ status }) => status === 'failed');
  output.data({ schema: 'orchestra/verification@1', ...found, words: found.words ?? null });
  output.text([
    safeText(`${found.environment}: ${found.version}, deployed by ${found.deployment}`, 300),
    ...found.checks.map(({ status, title, detail }) =>
      safeText(`  ${marks[status]} ${title}: ${detail}`, 500),
    ),
    ...(failed ? [`to go back: orchestrate deploy rollback --env ${found.environment}`] : []),
  ]);
  return failed ? exitCode.failed : exitCode.done;
}
