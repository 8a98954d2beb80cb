import { lstat, mkdir, open, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Git } from '../../src/ports/git.ts';
import type { ProjectFiles } from '../../src/ports/project.ts';
import { hasCode } from './errno.ts';

/** Larger files are no source to look at, in bytes. */
const largest = 512 * 1024;

/** The files of a work tree that git tracks or would; links are not followed, so nothing outside is ever read. */
export function projectFiles(git: Git): ProjectFiles {
  return {
    async list() {
      const listed = await git.run(['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
      return [...new Set(listed.stdout.toString('utf8').split('\0'))].filter((name) => name !== '');
    },
    async read(name) {
      const file = path.resolve(git.root, name);
      if (!file.startsWith(`${git.root}${path.sep}`)) return undefined;
      const info = await lstat(file).catch(() => undefined);
      if (!info?.isFile() || info.size > largest) return undefined;
      if (!(await realpath(file)).startsWith(`${await realpath(git.root)}${path.sep}`)) return undefined;
      const bytes = await readFile(file);
      return bytes.includes(0) ? undefined : bytes.toString('utf8');
    },
  };
}

/** Creates a file below `root`; false, and nothing written, where something stands there already. */
export async function createFile(root: string, name: string, text: string): Promise<boolean> {
  const file = path.join(root, name);
  await mkdir(path.dirname(file), { recursive: true });
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Adds to `.git/info/exclude` the lines it does not hold yet. */
export async function excludeFromGit(git: Git, lines: readonly string[]): Promise<void> {
  const file = path.join(git.commonDir, 'info', 'exclude');
  await mkdir(path.dirname(file), { recursive: true });
  const text = await readFile(file, 'utf8').catch(() => '');
  const present = new Set(text.split(/\r?\n/));
  const missing = lines.filter((line) => !present.has(line));
  if (missing.length === 0) return;
  const handle = await open(file, 'a');
  try {
    await handle.appendFile(`${text === '' || text.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`);
  } finally {
    await handle.close();
  }
}
