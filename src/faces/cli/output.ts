import { once } from 'node:events';
import { OrchestraError, exitCode, messageOf } from '../../domain/errors.ts';
import { safeLines, safeText } from '../../domain/safe-text.ts';

/** Where a command writes: data to stdout, words for people to stderr, as CONTRACT asks. */
export interface Output {
  readonly json: boolean;
  /** One JSON document or event, on a line of its own; only with `--json`. */
  data(value: unknown): void;
  /** One JSON document that comes in pieces; only with `--json`. */
  document(pieces: AsyncIterable<string | Buffer>): Promise<void>;
  /** What was asked for, for a reader; only without `--json`. */
  text(lines: string | readonly string[]): void;
  /** Progress and hints: always to stderr. */
  note(line: string): void;
}

/** Characters that are gathered before they are written. */
const pieceLength = 64 * 1024;

/** What a command writes: data to stdout, notes to stderr; with `json` one document a line. */
export function createOutput(
  json: boolean,
  streams: { stdout: NodeJS.WritableStream; stderr: NodeJS.WritableStream },
): Output {
  return {
    json,
    data(value) {
      if (json) streams.stdout.write(`${JSON.stringify(value)}\n`);
    },
    async document(pieces) {
      if (!json) return;
      let text = '';
      const write = async (piece: string | Buffer) => {
        if (!streams.stdout.write(piece)) await once(streams.stdout, 'drain');
      };
      for await (const piece of pieces)
        if (typeof piece !== 'string') {
          await write(text);
          await write(piece);
          text = '';
        } else if ((text += piece).length > pieceLength) {
          await write(text);
          text = '';
        }
      await write(`${text}\n`);
    },
    text(lines) {
      if (json) return;
      for (const line of typeof lines === 'string' ? [lines] : lines) streams.stdout.write(`${line}\n`);
    },
    note(line) {
      streams.stderr.write(`${line}\n`);
    },
  };
}

/**
 * Ends the process when its reader has left or the disk behind it is full: there is nobody left to tell more, and no
 * deployment depends on it. Quiet where the reader left, as with `| head`; the exit code is that of an I/O error.
 */
export function endWhenUnread(stdout: NodeJS.WritableStream, stderr: NodeJS.WritableStream): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') stderr.write(`error: the output cannot be written: ${messageOf(error)}\n`);
    process.exit(exitCode.io);
  });
  stderr.on('error', () => undefined);
}

/** What the operating system refused on the way to a file or folder: a full or read-only disk, missing rights. */
function ioError(error: unknown): OrchestraError | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  const path = 'path' in error ? safeText(String(error.path), 500) : undefined;
  return new OrchestraError('io', error.message, {
    exit: exitCode.io,
    hint: `Check the rights of, and the space on, ${path ?? 'the disk'}; then try again.`,
    ...(path === undefined ? {} : { details: { path } }),
    cause: error,
  });
}

/** Prints what went wrong, as CONTRACT says, and gives the exit code. A stack only with `ORCHESTRA_DEBUG=1`. */
export function reportError(error: unknown, output: Output): number {
  const known = error instanceof OrchestraError ? error : ioError(error);
  const code = known?.code ?? 'unexpected';
  const message = safeText(messageOf(error), 2000);
  const hint = known?.hint ?? 'this is a defect; run again with ORCHESTRA_DEBUG=1 to see where';
  if (output.json) {
    output.data({ error: { code, message, ...(known?.details ? { details: known.details } : {}), hint } });
  } else {
    output.note(`error: ${message}`);
    for (const line of safeLines(hint, 20)) output.note(`  ${line}`);
  }
  if (process.env['ORCHESTRA_DEBUG'] === '1' && error instanceof Error) output.note(error.stack ?? '');
  return known?.exit ?? exitCode.failed;
}
