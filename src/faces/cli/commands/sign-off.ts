import type { Context } from '../context.ts';
import { safeText } from '../../../domain/safe-text.ts';
import { exitCode } from '../../../domain/errors.ts';
import { type DeployOptions, environmentOf, whatOf } from './deploy.ts';
import { runningIn, tell } from './running.ts';

/**
 * `deploy sign-off NAME`: into the deployment that runs in the environment; where none does, for the candidate that the
 * options, the saved selection or the recommendation would make.
 */
export async function signOff(context: Context, name: string, options: DeployOptions): Promise<number> {
  if (await runningIn(context, options.env)) return tell(context, { kind: 'sign-off', name }, options);
  const { orchestrator, output } = context;
  const environment = await environmentOf(context, options.env);
  const { what } = await whatOf(context, environment, options);
  const { tree, sha, by, at } = await orchestrator.signOff({
    environment,
    what,
    name,
    by: await orchestrator.actor('cli'),
    ...(options.why === undefined ? {} : { why: options.why }),
  });
  output.data({ environment, signOff: name, tree, sha: sha ?? null, by: by.name, at });
  output.text(
    safeText(
      `${name} is signed off by ${by.name} for ${sha === undefined ? `the candidate with the tree ${tree.slice(0, 12)}` : sha.slice(0, 12)} in ${environment}, and for no other`,
      500,
    ),
  );
  return exitCode.done;
}
