import { exitCode, OrchestraError } from '../domain/errors.ts';
import type { Source } from '../domain/event.ts';
import { safeText } from '../domain/safe-text.ts';
import type { BuiltCandidate, CandidateBuilder } from '../ports/candidate.ts';
import type { Git } from '../ports/git.ts';
import type { LockfileTools } from '../ports/lockfiles.ts';
import { rewriteCommit } from './candidate-commit.ts';
import type { Commit } from './commit.ts';
import { commitId, readCommitObjects, writeCommitObjects } from './commit-objects.ts';
import { isRegeneratedOn, regeneratedOn, regenerateLockfiles } from './lockfiles/regenerate.ts';
import { Replay } from './replay.ts';
import { findShipped } from './shipped.ts';
import { splitMerge, type SplitMerge } from './side-commits.ts';
import type { Unit } from './unit.ts';
import { readWaiting } from './waiting.ts';

type SelectionSource = Extract<Source, { kind: 'selection' }>;

/** Merges taken apart at once; each is a git process that mostly computes. */
const lanes = 2;

/**
 * Builds candidates on the object store: a commit for each waiting commit, in the order of the head, made byte for byte
 * the same whenever source and base are. Only the ref `refs/heads/release/<id>` is written.
 */
export function createCandidateBuilder(git: Git, tools: LockfileTools): CandidateBuilder {
  return {
    async build(id, source, base, signal): Promise<BuiltCandidate> {
      if (source.kind === 'version') {
        const sha = await git.resolve(source.sha);
        const tree = await treeOf(git, sha);
        return { sha, tree, builtTree: tree, branch: null, commits: 0, notes: [], regenerated: [] };
      }
      const start = await git.resolve(base ?? source.base.sha);
      const { sha, tree, commits, notes } = await replaySource(git, source, start, signal);
      const branch = `release/${id}`;
      const known = await git.tryResolve(`refs/heads/${branch}`);
      const { sha: tip, regenerated } =
        known !== undefined && (await isRegeneratedOn(git, known, sha))
          ? { sha: known, regenerated: await regeneratedOn(git, known) }
          : await regenerateLockfiles(git, tools, {
              sha,
              tree,
              headTree: await treeOf(git, source.head.sha),
              signal,
            });
      await writeBranch(git, branch, tip);
      const builtTree = await treeOf(git, tip);
      return {
        sha: tip,
        tree,
        builtTree,
        branch,
        commits: commits + (tip === sha ? 0 : 1),
        notes,
        regenerated,
      };
    },
  };
}

interface Replayed {
  sha: string;
  tree: string;
  commits: number;
  notes: string[];
}

/** A unit on the candidate: its tree, and for a merge the side commits it is made of. */
interface Placed {
  unit: Unit;
  tree: string;
  split: SplitMerge;
}

async function replaySource(
  git: Git,
  source: SelectionSource,
  start: string,
  signal?: AbortSignal,
): Promise<Replayed> {
  const head = await git.resolve(source.head.sha);
  const waiting = await readWaiting(git, await git.resolve(source.base.sha), head, signal);
  const owner = new Map(
    source.features.flatMap((feature) => feature.commits.map((sha) => [sha, feature.id] as const)),
  );
  const shipped = await findShipped(git, waiting.units, start, head, signal);
  const replay = new Replay(git, head, signal);
  let tree = await treeOf(git, start);
  const splits: (() => Promise<Placed>)[] = [];
  for (const [index, unit] of waiting.units.entries()) {
    const [feature, step] = [owner.get(unit.commit.sha), waiting.steps[index]];
    if (feature === undefined || !step || shipped.has(index)) continue;
    const before = tree;
    const result = await replay.apply(before, step);
    if (result.kind === 'conflict') throw conflictError(feature, unit.commit.sha, result.paths);
    const after = result.tree;
    tree = after;
    splits.push(async () => ({
      unit,
      tree: after,
      split: await splitMerge({ git, replay, head, unit, step, start: before, signal }),
    }));
  }
  const placed = await atOnce(splits);
  const { tip, bodies } = await composeCommits(git, placed, start);
  await writeCommitObjects(git, bodies);
  const notes = placed.flatMap(({ unit, split }) =>
    split.whole === undefined
      ? []
      : [`${unit.commit.sha.slice(0, 12)} stays one commit for all it brings: ${split.whole}`],
  );
  return { sha: tip, tree, commits: bodies.length, notes };
}

/** Merges are taken apart side by side: each needs only the tree before it, which is known. */
async function atOnce<T>(work: readonly (() => Promise<T>)[]): Promise<T[]> {
  const done: T[] = [];
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < work.length; i = next++) {
      const one = await work[i]?.();
      if (one !== undefined) done[i] = one;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return done;
}

/**
 * The candidate's commit objects, oldest first, on `start`: each side commit as its own commit, then the merge that brought them,
 * with the line before it as its first parent. Every waiting commit is the origin of exactly one of them.
 */
async function composeCommits(
  git: Git,
  placed: readonly Placed[],
  start: string,
): Promise<{ tip: string; bodies: Buffer[] }> {
  const raw = await readCommitObjects(
    git,
    placed.flatMap(({ unit }) => unit.commits.map(({ sha }) => sha)),
  );
  const bodies: Buffer[] = [];
  const add = (
    commit: Commit,
    place: { tree: string; parents: readonly string[] },
    folded: readonly Commit[],
  ): string => {
    const bytes = ({ sha }: Commit) => raw.get(sha) ?? Buffer.alloc(0);
    const body = rewriteCommit(
      bytes(commit),
      place,
      [...folded, commit].map(({ sha }) => sha),
      folded.filter(({ parents }) => parents.length < 2).map(bytes),
    );
    bodies.push(body);
    return commitId(body, start);
  };
  let tip = start;
  for (const { unit, tree, split } of placed) {
    const before = tip;
    for (const piece of split.pieces)
      tip = add(piece.commit, { tree: piece.tree, parents: [tip] }, piece.folded);
    tip = add(unit.commit, { tree, parents: tip === before ? [before] : [before, tip] }, split.left);
  }
  return { tip, bodies };
}

function conflictError(feature: string, sha: string, paths: readonly string[]): OrchestraError {
  const path = safeText(paths[0] ?? 'a file', 300);
  return new OrchestraError(
    'candidate-conflict',
    `${safeText(feature)} does not apply to the base: conflict in ${path}`,
    {
      hint: 'Run "orchestrate select … --prove": it adds what this feature cannot ship without.',
      details: { feature: safeText(feature), commit: sha, paths: paths.map((one) => safeText(one, 300)) },
    },
  );
}

/** Creates the branch, or finds it already there with the same commit; never moves one that says something else. */
async function writeBranch(git: Git, branch: string, sha: string): Promise<void> {
  const ref = `refs/heads/${branch}`;
  await git.run(['check-ref-format', ref]);
  const existing = await git.tryResolve(ref);
  if (existing === sha) return;
  if (existing !== undefined)
    throw new OrchestraError(
      'branch-exists',
      `The branch ${safeText(branch)} exists and is another commit (${existing.slice(0, 12)})`,
      {
        hint: `Rename or delete it if nobody needs it: git branch -m ${safeText(branch)} …`,
        exit: exitCode.failed,
        details: { branch: safeText(branch), existing, wanted: sha },
      },
    );
  const env = { GIT_COMMITTER_NAME: 'orchestra', GIT_COMMITTER_EMAIL: 'orchestra@localhost' };
  await git.run(['update-ref', '-m', 'orchestra: release candidate', ref, sha, '0'.repeat(sha.length)], {
    env,
  });
}

const treeOf = (git: Git, sha: string) =>
  git.text(['rev-parse', '--verify', '--end-of-options', `${sha}^{tree}`]);
