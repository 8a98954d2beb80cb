import { explainReason } from '../domain/dependencies.ts';
import type { Discovery, Selection } from '../domain/feature.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Git } from '../ports/git.ts';
import { closeSelection } from './closure.ts';
import { testComplement } from './complement.ts';
import { Replay } from './replay.ts';
import { cutStretches } from './stretches.ts';
import { readWaiting } from './waiting.ts';

/**
 * Proves a selection on the git objects (DESIGN, Discovery and selection): replays it on the base in the order of the
 * head; where that conflicts, adds the latest missing feature that touched the file, and begins again. It ends, because
 * every round adds a feature and all of them together replay as they were. Gives the selection, grown where it had
 * to, with its proof; `proof.tree` is in the repository's objects. Touches no ref, index or work tree.
 */
export async function proveSelection(
  git: Git,
  discovery: Discovery,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<Selection> {
  const { features } = discovery;
  const [base, head] = [discovery.base.sha, discovery.head.sha];
  const waiting = await readWaiting(git, base, head, signal);
  const replay = new Replay(git, head, signal);
  const featureOf = new Map(
    features.flatMap((feature) => feature.commits.map((sha) => [sha, feature] as const)),
  );
  const owners = waiting.units.map((unit) => featureOf.get(unit.commit.sha));

  const wanted = [...ids];
  const forced = new Map<string, string[]>();
  let selection = closeSelection(features, wanted);
  let selected = new Set(selection.selected);
  const isChosen = (index: number) => selected.has(owners[index]?.id ?? '');
  const isRest = (index: number) => owners[index] !== undefined && !owners[index].onBase && !isChosen(index);
  let rounds = 0;
  let failed: { id: string; paths: string[] } | undefined;
  let tree = waiting.baseTree;

  // A round begins anew: what it repeats of the round before, the replay remembers.
  for (let grown = true; grown;) {
    grown = false;
    rounds += 1;
    tree = waiting.baseTree;
    for (const stretch of cutStretches(waiting, isChosen, isRest).chosen) {
      signal?.throwIfAborted();
      const result = await replay.applyStretch(tree, waiting.steps, stretch);
      if (result.kind === 'clean') {
        tree = result.tree;
        continue;
      }
      const missing = findMissing(owners, result.at, selected, result.paths);
      const needing = owners[result.at]?.id ?? '';
      if (missing === undefined) {
        failed = { id: needing, paths: result.paths };
        break;
      }
      const path = missing.path === undefined ? undefined : safeText(missing.path, 500);
      const why = `${needing} needs ${missing.id}: ${explainReason({ kind: 'conflict', path })}`;
      forced.set(missing.id, [...(forced.get(missing.id) ?? []), why]);
      wanted.push(missing.id);
      selection = closeSelection(features, wanted);
      selected = new Set(selection.selected);
      grown = true;
      break;
    }
  }

  const idOf = (index: number) => owners[index]?.id ?? '';
  const complement = failed
    ? {
        ok: false,
        conflicts: (failed.paths.length > 0 ? failed.paths : ['']).map((path) => ({
          id: failed.id,
          path: safeText(path, 500),
        })),
      }
    : await testComplement({
        git,
        replay,
        waiting,
        base,
        head,
        tree,
        rest: cutStretches(waiting, isChosen, isRest).rest,
        features,
        idOf,
      });
  const chosen = new Set(ids);
  return {
    ...selection,
    added: selection.selected
      .filter((id) => !chosen.has(id))
      .map((id) => ({
        id,
        because: [
          ...(selection.added.find((one) => one.id === id)?.because ?? []),
          ...(forced.get(id) ?? []),
        ],
      })),
    proof: { ok: failed === undefined, tree, rounds, complement },
  };
}

type Owner = Discovery['features'][number] | undefined;

/**
 * The latest feature before the conflict that is not there yet and touched a conflicted file; failing that one in the
 * same folder (a rename hides behind another name); failing that simply the latest.
 */
function findMissing(
  owners: readonly Owner[],
  before: number,
  selected: ReadonlySet<string>,
  paths: readonly string[],
): { id: string; path: string | undefined } | undefined {
  const absent = owners
    .slice(0, before)
    .filter(
      (owner): owner is NonNullable<Owner> => owner !== undefined && !owner.onBase && !selected.has(owner.id),
    );
  const conflicted = new Map(paths.map((path) => [safeText(path, 500), path]));
  const folders = new Set(paths.map((path) => safeText(path.slice(0, path.lastIndexOf('/') + 1), 500)));
  const latest = absent.at(-1);
  for (const owner of absent.toReversed())
    for (const file of owner.files) if (conflicted.has(file.path)) return { id: owner.id, path: file.path };
  for (const owner of absent.toReversed())
    for (const file of owner.files)
      if (folders.has(file.path.slice(0, file.path.lastIndexOf('/') + 1)))
        return { id: owner.id, path: paths[0] };
  return latest && { id: latest.id, path: paths[0] };
}
