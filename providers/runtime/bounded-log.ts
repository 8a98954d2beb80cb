import { closeSync, constants, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

const mebibyte = 1024 * 1024;

/** Of what one command writes, its first and its last bytes are kept: with more than both together, the middle is left out. */
const kept = { head: 4 * mebibyte, tail: 4 * mebibyte };

/** A log file that takes what a command writes, however much that is. */
export interface BoundedLog {
  /** Written at once: the pipe then slows the program down instead of this process growing. */
  write(chunk: Uint8Array): void;
  /** Closes the file, once; how many bytes were left out. */
  close(): number;
}

/**
 * Appends after byte `from` of the file, which is made where it is missing. It never grows by more than the beginning and twice the end; at every
 * moment it holds the beginning, a line that says what was left out, and the end.
 */
export function openBoundedLog(path: string, from: number, { head, tail } = kept): BoundedLog {
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  const cut = from + head;
  let end = from;
  /** Where what is kept of the end begins. */
  let tailFrom = cut;
  let leftOut = 0;
  let open = true;

  function writeAt(chunk: Uint8Array, position: number): number {
    for (let at = 0; at < chunk.length;) at += writeSync(fd, chunk, at, chunk.length - at, position + at);
    return position + chunk.length;
  }

  function shorten(): void {
    const last = Buffer.alloc(tail);
    let read = 0;
    for (let n = -1; read < tail && n !== 0; read += n)
      n = readSync(fd, last, read, tail - read, end - tail + read);
    leftOut += end - tail - tailFrom;
    tailFrom = writeAt(Buffer.from(`\n[${leftOut} bytes of output left out here]\n`), cut);
    end = writeAt(last.subarray(0, read), tailFrom);
    ftruncateSync(fd, end);
  }

  return {
    write(chunk) {
      end = writeAt(chunk, end);
      if (end - tailFrom > 2 * tail) shorten();
    },
    close() {
      if (open) closeSync(fd);
      open = false;
      return leftOut;
    },
  };
}
