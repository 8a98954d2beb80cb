import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Git } from '../../src/ports/git.ts';

/** Creates a file below the repository's root with its folders; false, and nothing written, when it exists. */
export async function createFile(git: Git, name: string, text: string): Promise<boolean> {
  const file = path.join(git.root, name);
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Adds those lines to the repository's own `info/exclude` that it does not hold yet; no commit carries them. */
export async function excludeFromGit(git: Git, lines: readonly string[]): Promise<void> {
  const file = path.join(git.commonDir, 'info', 'exclude');
  await mkdir(path.dirname(file), { recursive: true });
  const text = await readFile(file, 'utf8').catch(() => '');
  const held = new Set(text.split(/\r?\n/));
  const missing = lines.filter((line) => !held.has(line));
  if (missing.length === 0) return;
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  await appendFile(file, `${gap}${missing.map((line) => `${line}\n`).join('')}`);
}
