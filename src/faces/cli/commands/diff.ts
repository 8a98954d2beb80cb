import { exitCode } from '../../../domain/errors.ts';
import type { Context } from '../context.ts';
import { showDiff } from '../show-diff.ts';
import { environmentOf, whatOf, type DeployOptions } from './deploy.ts';

/** `deploy diff`: what would change in an environment; builds and starts nothing. */
export async function diff(
  context: Context,
  options: Pick<DeployOptions, 'env' | 'version' | 'select' | 'strategy'>,
): Promise<number> {
  const { orchestrator, output } = context;
  const environment = await environmentOf(context, options.env);
  const { what } = await whatOf(context, environment, options);
  const changes = await orchestrator.diff({
    environment,
    what,
    ...(options.strategy === undefined ? {} : { strategy: options.strategy }),
  });
  output.data(changes);
  output.text(showDiff(changes));
  return exitCode.done;
}
