import { OrchestraError } from '../domain/errors.ts';
import type { Git } from '../ports/git.ts';
import { diffArguments, DiffParser } from './diff-stream.ts';
import { readObjectSizes } from './object-sizes.ts';

/** What the object store lacks of commits' changes: what a partial clone left out, or damage. */
export interface Incomplete {
  /** Commits that touch contents which are not there, each with the paths concerned. */
  contents: ReadonlyMap<string, ReadonlySet<string>>;
  /** Commits whose folders are not there, so that not even the names of the files they change are known. */
  folders: ReadonlySet<string>;
}

/** More commits than this without their folders, and those after them are not tried: each costs two processes. */
const mostTried = 200;

/** What is missing of these commits' changes. Throws when the commits themselves cannot be read. */
export async function findIncomplete(
  git: Git,
  shas: readonly string[],
  signal?: AbortSignal,
): Promise<Incomplete> {
  const touching = new Map<string, { sha: string; path: string }[]>();
  const folders = new Set<string>();
  const note = (blob: string | undefined, sha: string, path: string) => {
    if (blob === undefined) return;
    const known = touching.get(blob);
    if (known) known.push({ sha, path });
    else touching.set(blob, [{ sha, path }]);
  };
  const take = ({ sha, files }: { sha: string; files: readonly NamedFile[] }) => {
    for (const { oldBlob, newBlob, path } of files) {
      note(oldBlob, sha, path);
      note(newBlob, sha, path);
    }
  };
  for (let at = 0; at < shas.length;) {
    if (folders.size >= mostTried) {
      for (const sha of shas.slice(at)) folders.add(sha);
      break;
    }
    const read = await readNames(git, shas.slice(at), take, signal);
    at += read;
    const sha = shas[at];
    if (sha === undefined) break;
    // Git stopped at this commit or at the next, which it may have begun before it gave this one.
    if ((await readNames(git, [sha], take, signal)) === 0) {
      await git.run(['cat-file', 'commit', sha], signal ? { signal } : {});
      folders.add(sha);
    }
    at += 1;
  }

  const sizes = await readObjectSizes(git, [...touching.keys()], signal);
  const contents = new Map<string, Set<string>>();
  for (const [blob, uses] of touching) {
    if (sizes.has(blob)) continue;
    for (const { sha, path } of uses) {
      const paths = contents.get(sha);
      if (paths) paths.add(path);
      else contents.set(sha, new Set([path]));
    }
  }
  return { contents, folders };
}

interface NamedFile {
  path: string;
  oldBlob?: string | undefined;
  newBlob?: string | undefined;
}

/** Gives the names of what commits change to `take`, as far as git gets; how many that were. */
async function readNames(
  git: Git,
  shas: readonly string[],
  take: (commit: { sha: string; files: readonly NamedFile[] }) => void,
  signal?: AbortSignal,
): Promise<number> {
  const parser = new DiffParser(() => false);
  const names = git.stream([...diffArguments, '--no-renames', '--ignore-submodules=all'], {
    input: `${shas.join('\n')}\n`,
    ...(signal ? { signal } : {}),
  });
  let read = 0;
  const takeAll = (commits: Iterable<{ sha: string; files: readonly NamedFile[] }>) => {
    for (const commit of commits) {
      take(commit);
      read += 1;
    }
  };
  try {
    for await (const chunk of names) takeAll(parser.push(chunk));
    takeAll(parser.end());
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof OrchestraError) || error.code !== 'git') throw error;
  }
  return read;
}
