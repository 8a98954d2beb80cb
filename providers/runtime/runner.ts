import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import { OrchestraError, messageOf } from '../../src/domain/errors.ts';
import type { RunOptions, RunResult, Runner } from '../../src/ports/runner.ts';
import { longestTimerMs } from './clock.ts';
import { endAllWith, endGroup, identifyChild } from './processes.ts';

/** The variable by which everything a run started is found again; a caller may choose its value. */
export const runMark = 'ORCHESTRA_RUN';

const killAfterDefaultMs = 5000;
/** Children left behind by a command that ended by itself get this long to end. */
const stragglerTermMs = 500;

/**
 * Runs command lines by `/bin/sh -c`, each in a process group of its own, its environment extended by `runMark`. The
 * output goes through one pipe, so its order is kept, and is not stored. When the command ends, so does all it started.
 */
export function createRunner({ killAfterMs = killAfterDefaultMs } = {}): Runner {
  return {
    shell: (commandLine, options) =>
      run(commandLine, ['/bin/sh', '-c', commandLine], { killAfterMs, ...options }),
    program: (argv, options) => run(argv.join(' '), argv, { killAfterMs, ...options }),
  };
}

async function run(
  commandLine: string,
  argv: readonly string[],
  options: RunOptions & { killAfterMs: number },
): Promise<RunResult> {
  const { killAfterMs } = options;
  const mark = options.env[runMark] ?? randomUUID();
  const started = performance.now();
  const apart = options.onErrorOutput !== undefined;
  const child = execa('/bin/sh', ['-c', apart ? 'exec "$@"' : 'exec "$@" 2>&1', 'sh', ...argv], {
    cwd: options.cwd,
    env: { ...options.env, [runMark]: mark },
    extendEnv: false,
    detached: true,
    cleanup: false,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: apart ? 'pipe' : 'ignore',
    buffer: false,
    encoding: 'buffer',
    reject: false,
  });
  const identity = child.pid === undefined ? undefined : identifyChild(child.pid);
  let timedOut = false;
  let ending: Promise<unknown> | undefined;
  let broken: { error: unknown } | undefined;

  const endAll = (termMs: number) => {
    ending ??= (async () => {
      const reaped = child.exitCode !== null || child.signalCode !== null;
      if (identity) await endGroup(identity, termMs, reaped);
      await endAllWith({ [runMark]: mark }, termMs);
      // All writers are gone, so the pipe ends by itself, unless one hides where environments are not shown.
      await Promise.race([closed, wait(2000, undefined, { ref: false })]);
      closePipes();
    })().catch((error: unknown) => {
      broken ??= { error };
      closePipes();
    });
  };
  const pipes = [child.stdout, child.stderr].filter((pipe) => pipe !== null && pipe !== undefined);
  const closePipes = () => {
    for (const pipe of pipes) pipe.destroy();
  };
  const closed = Promise.all(
    pipes.map((pipe) => new Promise<void>((resolve) => void pipe.once('close', resolve))),
  );
  const passOn = (to: ((chunk: Buffer) => void) | undefined) => (chunk: Buffer) => {
    if (broken) return;
    try {
      to?.(chunk);
    } catch (error) {
      broken = { error };
      endAll(killAfterMs);
    }
  };
  child.stdout?.on('data', passOn(options.onOutput));
  child.stderr?.on('data', passOn(options.onErrorOutput));
  child.once('exit', () => endAll(stragglerTermMs));

  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(
          () => {
            timedOut = true;
            endAll(killAfterMs);
          },
          Math.min(options.timeoutMs, longestTimerMs),
        );
  const abort = () => endAll(killAfterMs);
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted) abort();

  try {
    const result = await child;
    await ending;
    if (broken) throw broken.error;
    if (child.pid === undefined)
      throw new OrchestraError(
        'run-failed',
        `could not run "${commandLine}" in ${options.cwd}: ${result.shortMessage ?? 'no process'}`,
        {
          hint: 'Check that the folder exists and that the machine can start more processes.',
          ...(result.cause === undefined ? {} : { cause: messageOf(result.cause) }),
        },
      );
    return {
      exitCode: child.exitCode,
      signal: child.signalCode,
      timedOut,
      durationMs: performance.now() - started,
    };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
}
