import type { Git } from '../ports/git.ts';
import { diffArguments, DiffParser } from './diff-stream.ts';

/**
 * Of these commits those that touch contents which the object store lacks, each with the paths concerned: what a partial
 * clone left out, or damage. Reads names and object names only. Throws when commits or trees are missing too.
 */
export async function findIncomplete(
  git: Git,
  shas: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, Set<string>>> {
  const options = signal ? { signal } : {};
  const touching = new Map<string, { sha: string; path: string }[]>();
  const parser = new DiffParser(() => false);
  const note = (blob: string | undefined, sha: string, path: string) => {
    if (blob === undefined) return;
    const known = touching.get(blob);
    if (known) known.push({ sha, path });
    else touching.set(blob, [{ sha, path }]);
  };
  const names = git.stream([...diffArguments, '--no-renames', '--ignore-submodules=all'], {
    input: `${shas.join('\n')}\n`,
    ...options,
  });
  const take = (commits: ReturnType<DiffParser['push']>) => {
    for (const { sha, files } of commits)
      for (const file of files) {
        note(file.oldBlob, sha, file.path);
        note(file.newBlob, sha, file.path);
      }
  };
  for await (const chunk of names) take(parser.push(chunk));
  take(parser.end());

  const { stdout } = await git.run(['cat-file', '--batch-check=%(objectname) %(objecttype)', '--buffer'], {
    input: `${[...touching.keys()].join('\n')}\n`,
    ...options,
  });
  const incomplete = new Map<string, Set<string>>();
  for (const line of stdout.toString('latin1').split('\n')) {
    const [blob = '', type] = line.split(' ');
    if (type !== 'missing') continue;
    for (const { sha, path } of touching.get(blob) ?? []) {
      const paths = incomplete.get(sha);
      if (paths) paths.add(path);
      else incomplete.set(sha, new Set([path]));
    }
  }
  return incomplete;
}
