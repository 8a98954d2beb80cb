import path from 'node:path';
import { createFileAtomic, writeFileAtomic } from '../../providers/runtime/atomic-file.ts';
import { disk } from '../../providers/runtime/disk.ts';

const heading =
  '# Each deployment changes these, and they belong to no branch: committed, they stand in the way of a checkout.';

const names = [
  '/config.json',
  '/environments.json',
  '/progress.json',
  '/progress-status.txt',
  '/selection.json',
  '/sign-offs.json',
  '/archive/',
  '/audit.ndjson',
  '/backups/',
  '/current/',
  '/exports/',
  '/history/',
  '/index/',
  '/patterns/',
  '*.backup',
  '*.backup-*',
  '*.corrupt-*',
  '*.last-good',
  '*.lock',
  '.*',
];

/**
 * Has git leave alone what deployments write into the memory, in every clone, also where nobody ran `init`. A file of one's own
 * stays; one from an earlier version gets what it lacks.
 */
export async function keepOutOfGit(dir: string): Promise<void> {
  const file = path.join(dir, '.gitignore');
  if (await createFileAtomic(file, `${[heading, ...names].join('\n')}\n`, { durable: false })) return;
  const text = (await disk.read(file)).toString('utf8');
  const [first, ...present] = text.split('\n');
  const missing = names.filter((name) => !present.includes(name));
  if (first === heading && missing.length > 0)
    await writeFileAtomic(file, `${text.trimEnd()}\n${missing.join('\n')}\n`, { durable: false });
}
