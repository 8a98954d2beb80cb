import { writeSync } from 'node:fs';

const ends = [
  ['SIGINT', 130],
  ['SIGQUIT', 131],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

/** What a shell says of a program whose terminal hung up. */
const hungUp = 129;

/**
 * Has `close` called once before the process ends, whatever ends it: exit, a signal, an error nobody caught (told on
 * stderr, without its stack), or the terminal that is gone. It then ends at once: nothing is left to be waited for.
 */
export function onEnd(close: () => void): void {
  const { stdin, stdout } = process;
  const end = (code: number) => {
    close();
    process.exit(code);
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
    process.exit(1);
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
