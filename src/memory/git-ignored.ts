import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hasCode } from '../../providers/runtime/errno.ts';

const heading =
  '# Each deployment changes these, and they belong to no branch: committed, they stand in the way of a checkout.';

const names = [
  '/config.json',
  '/environments.json',
  '/progress.json',
  '/selection.json',
  '/audit.ndjson',
  '/backups/',
  '/current/',
  '/exports/',
  '/history/',
  '/patterns/',
  '*.corrupt-*',
  '*.lock',
  '.*',
];

/**
 * Has git leave alone what deployments write into the memory, in every clone, also where nobody ran `init`. A file of one's own
 * stays; one from an earlier version gets what it lacks.
 */
export async function keepOutOfGit(dir: string): Promise<void> {
  const file = path.join(dir, '.gitignore');
  try {
    await writeFile(file, `${[heading, ...names].join('\n')}\n`, { flag: 'wx' });
    return;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const [first, ...present] = (await readFile(file, 'utf8')).split('\n');
  if (first !== heading) return;
  const missing = names.filter((name) => !present.includes(name));
  if (missing.length > 0) await appendFile(file, `${missing.join('\n')}\n`);
}
