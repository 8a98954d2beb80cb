import { OrchestraError, exitCode, messageOf } from '../../../domain/errors.ts';
import { formatDuration, parseDuration } from '../../../domain/duration.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { DeployRequest } from '../../../engine/orchestrator.ts';
import type { Context } from '../context.ts';

/** How often the branch is looked at where nothing else is said, milliseconds. */
const usuallyMs = 15_000;

/** The longest pause after failures in a row, milliseconds. */
const longestMs = 3_600_000;

/** How long to leave the branch alone after so many failures in a row: twice as long each time. */
export function backOffMs(everyMs: number, failures: number): number {
  return failures === 0 ? everyMs : Math.min(longestMs, everyMs * 2 ** Math.min(failures, 20));
}

/** How often the branch is looked at. Throws `usage` (2). */
export function everyMs(text: string | undefined): number {
  const ms = text === undefined ? usuallyMs : parseDuration(text);
  if (ms !== undefined && ms >= 100) return ms;
  throw new OrchestraError('usage', `--every ${safeText(text ?? '', 40)} is no time between two looks`, {
    exit: exitCode.usage,
    hint: 'write --every 30s or --every 5m',
  });
}

/** What following a branch does with each head. */
export interface Following {
  environment: string;
  everyMs: number;
  /** Deploys it and follows it to its end; its exit code. */
  deploy: (trigger: NonNullable<DeployRequest['trigger']>) => Promise<number>;
  /** Waits; resolves early where the person ends it. */
  pause: (ms: number) => Promise<void>;
}

/**
 * `deploy --on-merge`: deploys every new head of the development branch, one after the other, each once. A head that failed is
 * not tried again; the next one is, a while later. Goes on until the person ends it.
 */
export async function onMerge(
  { orchestrator, output, shell }: Pick<Context, 'orchestrator' | 'output' | 'shell'>,
  { environment, everyMs: every, deploy, pause }: Following,
): Promise<number> {
  let failures = 0;
  let told = '';
  let done = await orchestrator.lastMerge(environment);
  const tell = (line: string) => {
    if (line !== told) output.note(line);
    told = line;
  };
  while (!shell.interrupted.aborted) {
    try {
      const { ref, sha } = await orchestrator.developmentHead();
      if (sha === done)
        tell(`${ref} is at ${sha.slice(0, 12)}, deployed already: waiting for the next merge`);
      else {
        tell(`${ref} is at ${sha.slice(0, 12)}: deploying it to ${environment}`);
        const code = await deploy({ kind: 'merge', branch: ref, sha });
        done = sha;
        failures = code === exitCode.done ? 0 : failures + 1;
        if (shell.interrupted.aborted) break;
        if (failures > 0)
          tell(
            `that head did not make it; the next one is looked for in ${formatDuration(backOffMs(every, failures))}`,
          );
      }
    } catch (error) {
      const known = isHeld(error);
      // Another deployment holds the environment: this head waits for it, and is not given up.
      if (!known) failures++;
      tell(`${known ? 'not yet' : 'not deployed'}: ${safeText(messageOf(error), 500)}`);
      if (isOfThisHead(error)) done = await headNow(orchestrator, done);
    }
    await pause(backOffMs(every, failures));
  }
  output.note(`${environment} is not followed any more; what runs goes on`);
  return exitCode.done;
}

function isHeld(error: unknown): boolean {
  return error instanceof OrchestraError && ['locked', 'stable-moved'].includes(error.code);
}

/** What a later look cannot mend: this head is refused, not the moment. */
function isOfThisHead(error: unknown): error is OrchestraError {
  return (
    error instanceof OrchestraError &&
    (error.exit === exitCode.gateRefused || error.code === 'nothing-to-deploy' || error.code === 'not-proved')
  );
}

async function headNow(
  orchestrator: Context['orchestrator'],
  before: string | undefined,
): Promise<string | undefined> {
  return orchestrator.developmentHead().then(
    ({ sha }) => sha,
    () => before,
  );
}
