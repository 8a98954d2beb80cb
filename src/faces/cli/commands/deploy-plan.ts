import { OrchestraError, exitCode } from '../../../domain/errors.ts';
import { safeLines } from '../../../domain/safe-text.ts';
import type { Context } from '../context.ts';

/** `deploy plan [ID]`: the deployment plan as of now; without an id that of the one under way, else of the newest. */
export async function deployPlan(
  { orchestrator, output }: Context,
  id: string | undefined,
  { env }: { env?: string },
): Promise<number> {
  const fits = (one: { environment: string }) => env === undefined || one.environment === env;
  const named =
    id ?? (await orchestrator.active()).findLast(fits)?.id ?? (await orchestrator.history()).find(fits)?.id;
  if (named === undefined)
    throw new OrchestraError('unknown-deployment', 'there is no deployment to show the plan of', {
      exit: exitCode.usage,
      hint: '`orchestrate deploy --dry-run` shows what one would do',
    });
  const text = await orchestrator.planPaper(named);
  const lines = safeLines(text.trimEnd());
  output.data({ deployment: named, paper: 'DEPLOYMENT_PLAN.md', lines });
  output.text(lines);
  return exitCode.done;
}
