import { OrchestraError } from '../domain/errors.ts';
import type { ChangedFile } from '../domain/feature.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Git } from '../ports/git.ts';

/** The files that differ between two revisions or trees, with renames followed; paths are safe to print. */
export async function diffTrees(
  git: Git,
  from: string,
  to: string,
): Promise<{ files: ChangedFile[]; notes: string[] }> {
  const read = (...counts: string[]) =>
    git.text(['diff-tree', '-r', '-z', '-M', '--raw', ...counts, '--no-ext-diff', '--no-textconv', from, to]);
  try {
    return { files: parseDiff(await read('--numstat')), notes: [] };
  } catch (error) {
    if (!(error instanceof OrchestraError) || error.code !== 'git') throw error;
    // A partial clone has the names of what it lacks, not its lines.
    const files = parseDiff(await read('--no-renames'));
    return { files, notes: ['Lines could not be counted: the clone lacks some of the files.'] };
  }
}

/** Raw entries (`:modes shas status`, paths), then one count for each of them, in the same order. */
function parseDiff(output: string): ChangedFile[] {
  const fields = output.split('\0');
  const files: ChangedFile[] = [];
  let at = 0;
  while (fields[at]?.startsWith(':') === true) {
    const status = fields[at]?.split(' ')[4] ?? 'M';
    const renamed = /^[RC]/u.test(status);
    files.push({
      path: safeText(fields[at + (renamed ? 2 : 1)] ?? '', 500),
      status: statuses[status.slice(0, 1)] ?? 'modified',
      additions: 0,
      deletions: 0,
    });
    at += renamed ? 3 : 2;
  }
  for (const file of files) {
    const [added = '', deleted = '', path] = (fields[at] ?? '').split('\t', 3);
    if (path === undefined) break;
    // Git writes "-" for what has no lines.
    file.additions = Number(added) || 0;
    file.deletions = Number(deleted) || 0;
    at += path === '' ? 3 : 1;
  }
  return files;
}

const statuses: Readonly<Record<string, ChangedFile['status']>> = {
  A: 'added',
  D: 'deleted',
  R: 'renamed',
  C: 'added',
};
