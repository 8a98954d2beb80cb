import path from 'node:path';
import { createFileAtomic, makeFolders } from '../../providers/runtime/atomic-file.ts';
import { exitCode, OrchestraError } from '../domain/errors.ts';
import { keepOutOfGit } from './git-ignored.ts';
import { checkInside } from './layout.ts';

/** So many files of one name are made before it is refused. */
const mostOfOneName = 1000;

/**
 * Writes a file that was not there, whole or not at all: `name`, else `name-2`, … before its ending. Gives its path,
 * absolute. Throws `memory-outside` (74) where the folder leads out of the memory, `io` (74) where every such name is
 * taken, and what the system says.
 */
export async function writeNewFile(
  memory: string,
  folder: string,
  name: string,
  text: string,
): Promise<string> {
  await makeFolders(folder);
  await checkInside(memory, folder);
  await keepOutOfGit(memory);
  const { name: stem, ext } = path.parse(name);
  for (let n = 1; n <= mostOfOneName; n += 1) {
    const file = path.join(folder, n === 1 ? name : `${stem}-${n}${ext}`);
    if (await createFileAtomic(file, text)) return file;
  }
  throw new OrchestraError('io', `${folder} has ${mostOfOneName} files called ${stem}`, {
    exit: exitCode.io,
    hint: 'Move some of them elsewhere, then try again.',
  });
}
