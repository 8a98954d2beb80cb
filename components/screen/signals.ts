import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';

const ends = [
  ['SIGINT', 130],
  ['SIGQUIT', 131],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

/** What a shell says of a program whose terminal hung up. */
const hungUp = 129;

/**
 * Ends the process. At its exit Node gives terminals their mode back, and aborts, with a core dump, where one has hung up
 * (node::ResetStdio); so there it ends as a hang-up ends a program.
 */
function leave(terminals: readonly number[], code: number): void {
  if (terminals.every((fd) => isatty(fd))) process.exit(code);
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

/**
 * Has `close` called once before the process ends, whatever ends it: exit, a signal, an error nobody caught (told on
 * stderr, without its stack), or the terminal that is gone. It then ends at once: nothing is left to be waited for.
 */
export function onEnd(close: () => void): void {
  const { stdin, stdout } = process;
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  const end = (code: number) => {
    close();
    leave(terminals, code);
  };

  function crash(error: unknown): void {
    close();
    const told = error instanceof Error ? error : new Error(String(error));
    const stack = process.env['ORCHESTRA_DEBUG'] === '1' ? told.stack : undefined;
    try {
      writeSync(
        process.stderr.fd,
        `orchestrate stopped: ${told.message}\nWhat was being deployed goes on: orchestrate status. ORCHESTRA_DEBUG=1 shows where it failed.\n${stack ? `${stack}\n` : ''}`,
      );
    } catch {
      // Nobody is there to be told.
    }
    leave(terminals, 1);
  }

  const vanished = (error: NodeJS.ErrnoException) =>
    ['EPIPE', 'EIO', 'EBADF', 'ENXIO'].includes(error.code ?? '') ? end(hungUp) : crash(error);

  for (const [signal, code] of ends) process.on(signal, () => end(code));
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  process.on('exit', close);
  stdout.on('error', vanished);
  stdin.on('error', vanished);
  stdin.on('end', () => end(hungUp));
}
