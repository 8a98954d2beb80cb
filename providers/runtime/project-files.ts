import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Git } from '../../src/ports/git.ts';
import type { ProjectFiles } from '../../src/ports/project.ts';

/** A source file larger than this is generated, or data. */
const maxBytes = 512 * 1024;

/** The files of a work tree that git tracks or would: what is ignored is not the project's own. */
export function openProjectFiles(git: Git): ProjectFiles {
  return {
    async list() {
      const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
      const { stdout } = await git.run(args);
      const paths = stdout.toString('utf8').split('\0');
      return [...new Set(paths.filter((name) => name !== ''))];
    },
    async read(name) {
      const file = path.resolve(git.root, name);
      if (!file.startsWith(git.root + path.sep)) return undefined;
      try {
        // A symbolic link may lead out of the repository, a pipe never ends: only plain files are read.
        const info = await lstat(file);
        if (!info.isFile() || info.size > maxBytes) return undefined;
        const text = await readFile(file, 'utf8');
        return text.includes('\0') ? undefined : text;
      } catch (error) {
        if (
          error instanceof Error &&
          'code' in error &&
          (error.code === 'ENOENT' || error.code === 'ENOTDIR')
        ) {
          return undefined;
        }
        throw error;
      }
    },
  };
}
