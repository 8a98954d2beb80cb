import { OrchestraError, exitCode, messageOf } from '../../domain/errors.ts';
import { safeText } from '../../domain/safe-text.ts';
import { environmentNamed } from '../../engine/environments.ts';
import type { Context } from './context.ts';

/** What an environment may be called in `orchestra.yaml`; nothing else ever becomes a path. */
const environmentName = /^[a-z0-9][a-z0-9_-]*$/;

/**
 * The environment that is meant by who holds, takes back or frees one: as `orchestra.yaml` names them; where that file cannot be
 * read, or does not name it any more, the one in which a deployment runs or that is locked. What runs goes by the plan that it
 * began with, so a broken file never keeps anybody from taking it back. Throws as `environmentOf`.
 */
export async function heldEnvironment(
  { orchestrator, output }: Pick<Context, 'orchestrator' | 'output'>,
  name: string | undefined,
): Promise<string> {
  try {
    return environmentNamed(await orchestrator.settings(), name).name;
  } catch (error) {
    if (!(error instanceof OrchestraError) || error.exit !== exitCode.config) throw error;
    const running = [...new Set((await orchestrator.active()).map(({ environment }) => environment))];
    const known = name ?? (running.length === 1 ? running[0] : undefined);
    if (known === undefined && running.length > 1)
      throw new OrchestraError('which-environment', 'which environment is not said', {
        exit: exitCode.usage,
        hint: `name one of: ${running.join(', ')}`,
      });
    if (known === undefined || !(running.includes(known) || (await isLocked(orchestrator, known))))
      throw error;
    output.note(`note: ${safeText(messageOf(error), 500)}`);
    return known;
  }
}

async function isLocked(orchestrator: Context['orchestrator'], name: string): Promise<boolean> {
  return environmentName.test(name) && (await orchestrator.lockOf(name)).kind !== 'free';
}
