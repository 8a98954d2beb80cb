import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hasCode } from '../../providers/runtime/errno.ts';
import { keepOutOfGit } from './git-ignored.ts';
import { checkInside } from './layout.ts';

/** So many files of one name are made until there must be something wrong. */
const mostOfOneName = 1000;

/**
 * Writes a file that was not there: `name`, else `name-2`, … before its ending. Gives its path, absolute. Throws
 * `memory-outside` (74) where the folder leads out of the memory, and what the system says.
 */
export async function writeNewFile(
  memory: string,
  folder: string,
  name: string,
  text: string,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await checkInside(memory, folder);
  await keepOutOfGit(memory);
  const { name: stem, ext } = path.parse(name);
  for (let n = 1; ; n += 1) {
    const file = path.join(folder, n === 1 ? name : `${stem}-${n}${ext}`);
    try {
      await writeFile(file, text, { flag: 'wx' });
      return file;
    } catch (error) {
      if (!hasCode(error, 'EEXIST') || n >= mostOfOneName) throw error;
    }
  }
}
