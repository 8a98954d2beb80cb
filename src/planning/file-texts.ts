import type { Git } from '../ports/git.ts';
import { readObjectSizes } from './object-sizes.ts';

/** Bytes of a file that is still read as a whole. */
const largest = 1_000_000;

const NEWLINE = 10;

/** The contents of blobs as UTF-8, by object name; those that are missing or larger than 1 MB are left out. */
export async function readTexts(
  git: Git,
  blobs: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  if (blobs.length === 0) return texts;
  const options = signal ? { signal } : {};
  const sizes = await readObjectSizes(git, blobs, signal);
  const small = blobs.filter((name) => (sizes.get(name) ?? Infinity) <= largest);
  if (small.length === 0) return texts;
  const { stdout } = await git.run(['cat-file', '--batch', '--buffer'], {
    ...options,
    input: `${small.join('\n')}\n`,
  });
  for (let at = 0; at < stdout.length;) {
    const end = stdout.indexOf(NEWLINE, at);
    const [name = '', type, size] = stdout.toString('latin1', at, Math.max(at, end)).split(' ');
    if (end < 0 || type !== 'blob') break;
    const last = end + 1 + Number(size);
    texts.set(name, stdout.toString('utf8', end + 1, last));
    at = last + 1;
  }
  return texts;
}
