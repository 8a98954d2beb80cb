import { OrchestraError, exitCode } from '../../../domain/errors.ts';
import type { Context } from '../context.ts';

/** `resume [ID]`: every command starts lost conductors again; this one does only that, and says what each does. */
export async function resume(
  { orchestrator, output, recovered }: Context,
  id: string | undefined,
): Promise<number> {
  const active = await orchestrator.active();
  if (id !== undefined && ![...active, ...recovered].some((d) => d.id === id)) {
    throw new OrchestraError(
      'not-running',
      `deployment ${JSON.stringify(id.slice(0, 60))} is not unfinished`,
      {
        exit: exitCode.usage,
        hint:
          active.length > 0 ? `unfinished: ${active.map((d) => d.id).join(', ')}` : 'nothing is unfinished',
      },
    );
  }
  output.data({
    recovered,
    running: active.map((d) => d.id).filter((a) => !recovered.some((r) => r.id === a)),
  });
  output.text(
    recovered.map(
      (r) => `${r.id} (${r.environment}): ${r.recovery === 'resume' ? 'resumed' : 'rolls back'}, ${r.reason}`,
    ),
  );
  if (recovered.length === 0)
    output.text(active.length > 0 ? 'every deployment has its conductor' : 'nothing is unfinished');
  return exitCode.done;
}
