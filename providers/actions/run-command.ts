import type { ActionPlan } from '../../src/domain/action.ts';
import { formatDuration } from '../../src/domain/duration.ts';
import { safeLines } from '../../src/domain/safe-text.ts';
import type { ActionContext } from '../../src/ports/actions.ts';
import { minimalEnvironment } from '../runtime/environment.ts';
import { endAllWith } from '../runtime/processes.ts';
import { runMark } from '../runtime/runner.ts';
import type { Doing, Finding } from './actions.ts';

/** What is kept of what a command writes: its end, in bytes and in lines. */
const keptBytes = 64_000;
const keptLines = 500;
/** How long a command that was told to end may take, and what a dead conductor left behind. */
const killAfterMs = 2000;

/** Runs a command line of `orchestra.yaml` with what it may know in its environment; exit code 0 means passed. */
export async function runCommand(
  command: { run: string; env: readonly string[] },
  { timeoutMs }: Pick<ActionPlan, 'timeoutMs'>,
  doing: Doing,
): Promise<Finding> {
  const { context, secrets, runner, signal } = doing;
  const mark = { [runMark]: doing.mark };
  await endAllWith(mark, killAfterMs);
  let tail = Buffer.alloc(0);
  const result = await runner.shell(command.run, {
    cwd: doing.cwd,
    env: {
      ...minimalEnvironment(doing.environment),
      ...Object.fromEntries(command.env.map((name) => [name, secrets.named(name)])),
      ...told(context),
      ...mark,
    },
    signal,
    timeoutMs,
    killAfterMs,
    onOutput: (chunk) => {
      const both = Buffer.concat([tail, chunk]);
      tail = both.subarray(Math.max(0, both.byteLength - keptBytes));
    },
  });
  // Cut from the whole before it is parted into lines: a secret may have several.
  const output = safeLines(secrets.cutFrom(tail.toString('utf8')).trimEnd(), Number.MAX_SAFE_INTEGER)
    .filter((line, i) => line !== '' || i > 0)
    .slice(-keptLines);
  const last = output.findLast((line) => line.trim() !== '');
  const said = last === undefined ? '' : `: ${last}`;
  if (result.timedOut)
    return {
      passed: false,
      detail: `it did not end within ${formatDuration(timeoutMs)} and was ended${said}`,
      output,
    };
  if (result.exitCode === 0) return { passed: true, detail: `ended well${said}`, output };
  const how =
    result.exitCode === null ? `was ended by ${result.signal}` : `ended with exit code ${result.exitCode}`;
  return { passed: false, detail: `it ${how}${said}`, output };
}

/** What a command is told of the deployment; never a value of the service's own variables. */
function told(context: ActionContext): Record<string, string> {
  const { version, stable, phase } = context;
  return {
    ORCHESTRA_DEPLOYMENT: context.deployment,
    ORCHESTRA_ENVIRONMENT: context.environment,
    ORCHESTRA_SERVICE: context.service.name,
    ORCHESTRA_POINT: context.point,
    ORCHESTRA_VERSION: version?.name ?? '',
    ORCHESTRA_SHA: version?.sha ?? '',
    ORCHESTRA_STABLE: stable?.name ?? '',
    ORCHESTRA_STABLE_SHA: stable?.sha ?? '',
    ORCHESTRA_PHASE: phase?.name ?? '',
    ORCHESTRA_WEIGHT: String(context.weight),
    ORCHESTRA_OUTCOME: context.outcome,
    ORCHESTRA_REASON: context.reason,
    ORCHESTRA_URL: context.url,
  };
}
