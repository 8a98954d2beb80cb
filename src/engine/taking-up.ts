import { choiceOf, type Choice, type SavedSelection } from '../domain/choice.ts';
import { OrchestraError } from '../domain/errors.ts';
import type { Discovery } from '../domain/feature.ts';
import { carryOver, unrecognised, type CarriedOver } from '../planning/carry-over.ts';
import { readPatchIds } from '../planning/patch-ids.ts';
import type { Git } from '../ports/git.ts';

/** Commits compared by their patches on each side, what was chosen first; a branch rewritten beyond that is new. */
const mostCompared = 300;

/**
 * Takes a choice up in a discovery: asks git about the commits that only one side has, and matches. Reads only; says so
 * in the result where git could not compare.
 */
export async function takeUp(
  git: Git,
  discovery: Discovery,
  from: Choice | SavedSelection,
  signal?: AbortSignal,
): Promise<CarriedOver> {
  const choice = 'known' in from ? from : choiceOf(from, discovery);
  const { vanished, came, wanted } = unrecognised(discovery, choice);
  let patches: ReadonlyMap<string, string> = new Map();
  let failure: string | undefined;
  if (vanished.length > 0 && came.length > 0) {
    const compared = [...vanished.slice(0, mostCompared), ...came.slice(0, mostCompared)];
    try {
      patches = await readPatchIds(git, compared, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof OrchestraError)) throw error;
      failure = `Rewritten commits cannot be told from new ones: ${error.message}.`;
    }
  }
  const onBase = await heldBy(git, discovery.base.sha, wanted, signal);
  const carried = carryOver(discovery, choice, { patches, onBase });
  return failure === undefined ? carried : { ...carried, told: [failure, ...carried.told] };
}

/** Those of the commits that `base` reaches. */
async function heldBy(
  git: Git,
  base: string,
  commits: readonly string[],
  signal?: AbortSignal,
): Promise<Set<string>> {
  if (commits.length === 0) return new Set();
  const options = signal ? { signal } : {};
  const ask = async (args: readonly string[], lines: readonly string[]) =>
    (
      await git.text(['rev-list', ...args, '--ignore-missing', '--stdin'], {
        ...options,
        input: `${lines.join('\n')}\n`,
      })
    ).split('\n');
  const [there, apart] = await Promise.all([
    ask(['--no-walk=unsorted'], commits),
    ask([], [...commits, `^${base}`]),
  ]);
  const without = new Set(apart);
  return new Set(there.filter((sha) => sha !== '' && !without.has(sha)));
}
