import { exitCode } from '../../../domain/errors.ts';
import { stopping } from '../../../domain/gate.ts';
import type { Context } from '../context.ts';
import { overridesFrom } from '../overrides.ts';
import { showGates } from '../show-gates.ts';
import { type DeployOptions, environmentOf, whatOf } from './deploy.ts';

/** `deploy validate`: how every gate before production stands; builds and starts nothing. Exit 4 where one would stop it. */
export async function validate(
  context: Context,
  environment: string | undefined,
  options: DeployOptions,
): Promise<number> {
  const { orchestrator, output } = context;
  const target = await environmentOf(context, environment ?? options.env);
  const { what } = await whatOf(context, target, options);
  const results = await orchestrator.validate({
    environment: target,
    what,
    ...(options.strategy === undefined ? {} : { strategy: options.strategy }),
    by: await orchestrator.actor('cli'),
    overrides: overridesFrom(options.override),
    ...(options.allowDestructive === true ? { allowDestructive: true } : {}),
  });
  output.data(results);
  output.text(showGates(target, results));
  return stopping(results).length > 0 ? exitCode.gateRefused : exitCode.done;
}
