import { lstat } from 'node:fs/promises';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { Git } from '../../src/ports/git.ts';
import type { RunResult, Runner } from '../../src/ports/runner.ts';
import { openBoundedLog } from './bounded-log.ts';
import { installKey, modulesOf, onlyModulesMade } from './dependencies.ts';
import { installEnvironment } from './environment.ts';
import type { InstallCache } from './install-cache.ts';
import { sizeOf, tailOf } from './log-file.ts';
import type { WorkTree } from './work-tree.ts';

/** An install or a build that takes longer hangs. */
const stepTimeoutMs = 30 * 60_000;
/** Lines of the log that go with an error. */
export const errorLines = 20;

interface Step {
  runner: Runner;
  tree: WorkTree;
  log: string;
  signal?: AbortSignal | undefined;
}

/**
 * Runs a command with its output appended to `log`, in a folder that exists, as it comes; of very much, beginning and end, and `leftOut`
 * counts the bytes between. Throws the signal's reason when aborted.
 */
export async function runLogged(
  step: Step & { command: string; env: Record<string, string>; timeoutMs: number },
): Promise<{ result: RunResult; from: number; leftOut: number }> {
  const { signal } = step;
  const from = await sizeOf(step.log);
  const log = openBoundedLog(step.log, from);
  try {
    const result = await step.runner.shell(step.command, {
      cwd: step.tree.path,
      env: step.env,
      timeoutMs: step.timeoutMs,
      onOutput: (chunk) => log.write(chunk),
      ...(signal ? { signal } : {}),
    });
    signal?.throwIfAborted();
    return { result, from, leftOut: log.close() };
  } finally {
    log.close();
  }
}

/** How a command that failed ended, in words. */
export function endOf(result: RunResult): string {
  if (result.timedOut) return `did not end in ${Math.round(stepTimeoutMs / 60_000)} minutes`;
  return result.signal ? `was ended by ${result.signal}` : `ended with exit code ${result.exitCode}`;
}

/** Installs the dependencies the way the project says, or copies an install of the same lockfiles. Throws code `install-failed`. */
export async function install(
  step: Step & {
    git: Git;
    cache: InstallCache;
    command: string | undefined;
    /** Variables by which a left-over install is found after a crash. */
    mark: Record<string, string>;
    onProgress?: ((line: string) => void) | undefined;
  },
): Promise<void> {
  const { command, tree, git, cache } = step;
  if (command === undefined) return;
  await tree.once('install', command, async () => {
    const key = await installKey(git, tree.sha, command);
    if (key && (await cache.restore(key, modulesOf(tree.path)))) {
      step.onProgress?.('dependencies copied from an earlier install of the same lockfile');
      return;
    }
    step.onProgress?.(`installing: ${command}`);
    const env = { ...installEnvironment(process.env), ...step.mark };
    const { result, from } = await runLogged({ ...step, command, env, timeoutMs: stepTimeoutMs });
    if (result.exitCode !== 0) throw await stepFailed('install', command, result, step.log, from);
    if (key && (await isRealFolder(modulesOf(tree.path))) && (await onlyModulesMade(git, tree.path)))
      await cache.keep(key, modulesOf(tree.path));
  });
}

/** Builds the version with the service's own environment. Throws code `build-failed`. */
export async function build(
  step: Step & {
    command: string | undefined;
    env: Record<string, string>;
    /** What the build depends on beside the version: its variables, as written. */
    key: string;
    onProgress?: ((line: string) => void) | undefined;
  },
): Promise<void> {
  const { command, tree, env, key } = step;
  if (command === undefined) return;
  await tree.once('build', key, async () => {
    step.onProgress?.(`building: ${command}`);
    const { result, from } = await runLogged({ ...step, command, env, timeoutMs: stepTimeoutMs });
    if (result.exitCode !== 0) throw await stepFailed('build', command, result, step.log, from);
  });
}

async function stepFailed(
  step: 'install' | 'build',
  command: string,
  result: RunResult,
  log: string,
  from: number,
): Promise<OrchestraError> {
  return new OrchestraError(`${step}-failed`, `the ${step} command "${command}" ${endOf(result)}`, {
    hint: `Read ${log}, mend the version or the ${step} command in orchestra.yaml, and deploy again.`,
    details: { log: await tailOf(log, errorLines, from), exitCode: result.exitCode },
  });
}

async function isRealFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch {
    return false;
  }
}
