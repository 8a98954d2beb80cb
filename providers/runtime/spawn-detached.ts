import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { OrchestraError, messageOf } from '../../src/domain/errors.ts';
import type { ProcessIdentity } from '../../src/ports/processes.ts';
import { identifyChild } from './processes.ts';

export interface Ended {
  exitCode: number | null;
  signal: string | null;
}

export interface Detached {
  identity: ProcessIdentity;
  /** Aborted once the process has ended. */
  over: AbortSignal;
  /** How it ended; undefined while it runs. */
  ended(): Ended | undefined;
}

/** Words that only a shell understands: `exec` would not find them. */
const shellWords = new Set([
  '.',
  'source',
  'eval',
  'exec',
  'command',
  'set',
  'export',
  'cd',
  'if',
  'while',
  'until',
  'for',
  'case',
]);

/**
 * A plain command with `exec` before it: the shell then becomes the program, so that the process known and watched
 * is the program itself. Anything with shell syntax stays as it is.
 */
export function execWherePlain(commandLine: string): string {
  const plain = commandLine.trim();
  const [first = ''] = plain.split(/\s/);
  const isPlain = /^[\w./:=@%+,'" -]+$/.test(plain) && !first.includes('=') && !shellWords.has(first);
  return isPlain ? `exec ${plain}` : commandLine;
}

/**
 * Starts a command line the user wrote by `/bin/sh -c`, leading a process group of its own, its output appended to the
 * file `log`: it lives on, and can write on, when this process dies. Nothing is inherited but `env`, and it keeps this
 * process from nothing. Throws code `run-failed`.
 */
export async function spawnDetached(
  commandLine: string,
  { cwd, env, log }: { cwd: string; env: Record<string, string>; log: string },
): Promise<Detached> {
  const output = openSync(log, 'a', 0o600);
  try {
    const child = spawn('/bin/sh', ['-c', execWherePlain(commandLine)], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', output, output],
    });
    const over = new AbortController();
    let ended: Ended | undefined;
    child.once('exit', (exitCode, signal) => {
      ended = { exitCode, signal };
      over.abort();
    });
    if (child.pid === undefined) {
      return await new Promise<never>((_, reject) => {
        child.once('error', reject);
      });
    }
    child.on('error', () => undefined);
    child.unref();
    return { identity: identifyChild(child.pid), over: over.signal, ended: () => ended };
  } catch (error) {
    throw new OrchestraError('run-failed', `could not run "${commandLine}" in ${cwd}: ${messageOf(error)}`, {
      hint: 'Check that the folder exists and that the machine can start more processes.',
      cause: error,
    });
  } finally {
    closeSync(output);
  }
}
