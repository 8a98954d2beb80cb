import { OrchestraError } from '../domain/errors.ts';
import type { Git } from '../ports/git.ts';
import type { Commit } from './commit.ts';
import { commitId, shapeCommit, writeCommitObjects } from './commit-objects.ts';
import { isGenerated } from './generated-files.ts';
import { mergeBatch } from './merge-batch.ts';
import type { Replay, Replayed, Step } from './replay.ts';
import type { Unit } from './unit.ts';

/** A side commit as it stands on the candidate. */
export interface SidePiece {
  commit: Commit;
  tree: string;
  /** Side commits that are part of this one: none of their own applied before it. Oldest first. */
  folded: Commit[];
}

export interface SplitMerge {
  pieces: SidePiece[];
  /** Side commits that only the merge as a whole brings. */
  left: Commit[];
  /** Why its side commits could not be told apart, when they could not. */
  whole?: string;
}

/** With more side commits, or more lines of them, than these a merge stays one commit: each line costs git processes. */
const mostSideCommits = 5000;
const mostLines = 200;

interface SplitRequest {
  git: Git;
  replay: Replay;
  head: string;
  unit: Unit;
  step: Step;
  /** The candidate's tree before the unit. */
  start: string;
  signal?: AbortSignal | undefined;
}

/**
 * The side commits of a merge, one by one, on `start`. Each is merged with the trunk as the merge itself found it, as
 * far as that commit and no further, and what this made of the trunk is then replayed on the candidate: so a commit
 * needs nothing but what came before it, and all of them go through git in a handful of processes. One that does not
 * apply is folded into the next that does. Merges among them carry no work of their own and are folded too.
 */
export async function splitMerge(request: SplitRequest): Promise<SplitMerge> {
  const { unit, signal } = request;
  const sides = unit.commits.slice(0, -1);
  const trunk = unit.commit.parents[0];
  if (sides.length === 0 || trunk === undefined) return { pieces: [], left: sides };
  if (sides.length > mostSideCommits)
    return { pieces: [], left: sides, whole: `it brings ${sides.length} commits` };
  const lines = linesOf(sides);
  if (lines.length > mostLines)
    return { pieces: [], left: sides, whole: `its commits are on ${lines.length} lines` };
  try {
    const merged = await mergeLines(request, trunk, lines);
    const trees = await transplant(request, trunk, merged);
    return fold(sides, trees);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof OrchestraError) || error.code !== 'git') throw error;
    return { pieces: [], left: sides, whole: 'git could not merge its commits one by one' };
  }
}

/** Runs of commits, each the child of the one before. */
function linesOf(sides: readonly Commit[]): Commit[][] {
  const lines: Commit[][] = [];
  for (const commit of sides) {
    const line = lines.at(-1);
    const before = line?.at(-1);
    if (line && before && commit.parents.includes(before.sha)) line.push(commit);
    else lines.push([commit]);
  }
  return lines;
}

/** The trunk's tree with all side commits up to each one; undefined where that conflicts. */
async function mergeLines(
  request: SplitRequest,
  trunk: string,
  lines: readonly Commit[][],
): Promise<(string | undefined)[]> {
  const { git, unit, signal } = request;
  const trees: (string | undefined)[] = [];
  let ours = trunk;
  for (const [i, line] of lines.entries()) {
    const from = ours;
    const results = await mergeBatch(
      git,
      line.map(({ sha }) => [from, sha] as const),
      signal,
    );
    const own: (string | undefined)[] = [];
    for (const result of results) own.push(await settled(request, result, unit.commit.sha));
    trees.push(...own);
    const last = own.findLastIndex((tree) => tree !== undefined);
    const [tree, commit] = [own[last], line[last]];
    if (i === lines.length - 1 || tree === undefined || !commit) continue;
    const body = shapeCommit(tree, [ours, commit.sha]);
    await writeCommitObjects(git, [body], signal);
    ours = commitId(body, trunk);
  }
  return trees;
}

/** The same changes on the candidate instead of the trunk. */
async function transplant(
  request: SplitRequest,
  trunk: string,
  trees: readonly (string | undefined)[],
): Promise<(string | undefined)[]> {
  const { git, head, start, step, signal } = request;
  if (start === step.parentTree) return [...trees];
  const wanted = [...new Set(trees)].filter((tree) => tree !== undefined && tree !== step.parentTree);
  const [ours, ...theirs] = [start, ...wanted].map((tree) => shapeCommit(tree ?? '', [trunk]));
  if (!ours) return [...trees];
  await writeCommitObjects(git, [ours, ...theirs], signal);
  const results = await mergeBatch(
    git,
    theirs.map((body) => [commitId(ours, trunk), commitId(body, trunk)] as const),
    signal,
  );
  const moved = new Map<string | undefined, string | undefined>([[step.parentTree, start]]);
  for (const [i, result] of results.entries()) moved.set(wanted[i], await settled(request, result, head));
  return trees.map((tree) => (tree === undefined ? undefined : moved.get(tree)));
}

/** As in every replay, lockfiles and changelogs are taken as they are later, where they conflict. */
async function settled(
  { replay }: SplitRequest,
  result: Replayed,
  later: string,
): Promise<string | undefined> {
  if (result.kind === 'clean') return result.tree;
  if (result.paths.length === 0 || !result.paths.every(isGenerated)) return undefined;
  return replay.takeFrom(result.tree, later, result.paths);
}

function fold(sides: readonly Commit[], trees: readonly (string | undefined)[]): SplitMerge {
  const pieces: SidePiece[] = [];
  let folded: Commit[] = [];
  for (const [i, commit] of sides.entries()) {
    const tree = trees[i];
    if (commit.parents.length > 1 || tree === undefined) folded.push(commit);
    else {
      pieces.push({ commit, tree, folded });
      folded = [];
    }
  }
  return { pieces, left: folded };
}
