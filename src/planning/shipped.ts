import type { Git } from '../ports/git.ts';
import { mostBaseCommits, readBaseLog, takenBack, type BaseCommit } from './base-log.ts';
import type { Commit } from './commit.ts';
import { findPlainMerges } from './plain-merges.ts';
import { findSameChanges, mostPatches } from './same-change.ts';
import type { Unit } from './unit.ts';

/** What the base holds of the waiting units. */
export interface Shipped {
  /** By index. */
  units: Set<number>;
  /** What could not be looked at. */
  notes: string[];
}

/** `readShipped` without its notes. */
export async function findShipped(
  git: Git,
  units: readonly Unit[],
  base: string,
  head: string,
  signal?: AbortSignal,
): Promise<Set<number>> {
  return (await readShipped(git, units, base, head, signal)).units;
}

/**
 * The units whose changes the base already holds: shipped in a candidate (origin trailer), picked by hand (git's own
 * note in either direction, or an equal patch; a whole merge too), or a merge that brings nothing but that. What the base
 * has taken back again it does not hold. A constant number of processes, whatever the history.
 */
export async function readShipped(
  git: Git,
  units: readonly Unit[],
  base: string,
  head: string,
  signal?: AbortSignal,
): Promise<Shipped> {
  const notes: string[] = [];
  const fork = units[0]?.commit.parents[0];
  const held = new Set<string>();
  if (fork !== base) {
    const [log, same] = await Promise.all([
      readBaseLog(git, base, fork, signal),
      findSameChanges(git, { base, fork, head }, signal),
    ]);
    if (log.length >= mostBaseCommits)
      notes.push(
        `The base has more than ${mostBaseCommits} commits of its own; only the newest were looked through for changes that wait here too.`,
      );
    if (same.bounded)
      notes.push(
        `More than ${mostPatches} changes touch the same files on the base and here; copies among them were told by git's notes, authors and dates only.`,
      );
    if (same.unknown)
      notes.push('Objects are missing, so changes that the base holds as a copy may be listed as waiting.');
    for (const sha of findHeld(units, log, same.copies)) held.add(sha);
  }

  const shipped = new Set<number>();
  const merges: Unit[] = [];
  for (const unit of units) {
    if (held.has(unit.commit.sha)) shipped.add(unit.index);
    else if (unit.commit.parents.length > 1 && unit.commits.every((one) => isMerge(one) || held.has(one.sha)))
      merges.push(unit);
  }
  const plain = await findPlainMerges(
    git,
    merges.flatMap((unit) => unit.commits.filter(mayBeSettled).map(({ sha }) => sha)),
    signal,
  );
  for (const { index, commits } of merges)
    if (commits.every((commit) => !mayBeSettled(commit) || held.has(commit.sha) || plain.has(commit.sha)))
      shipped.add(index);
  return { units: shipped, notes };
}

const isMerge = ({ parents }: Commit) => parents.length > 1;

/** Whether a person may have settled conflicts in it; of an octopus git refuses that. */
const mayBeSettled = ({ parents }: Commit) => parents.length === 2;

/** The waiting commits of which the base has a copy that still stands. */
function findHeld(
  units: readonly Unit[],
  log: readonly BaseCommit[],
  copies: ReadonlyMap<string, readonly string[]>,
): Set<string> {
  const commits = units.flatMap((unit) => unit.commits);
  const onBase = new Map(log.map((commit) => [commit.sha, commit.parents]));
  const waiting = new Map(commits.map((commit) => [commit.sha, commit]));
  const via = new Map<string, string[]>();
  const note = (sha: string, copy: string) => {
    const known = via.get(sha);
    if (known) known.push(copy);
    else via.set(sha, [copy]);
  };
  for (const { sha, origins, message } of log)
    for (const origin of [...origins, ...message.pickedFrom]) if (waiting.has(origin)) note(origin, sha);
  for (const { sha, message } of commits)
    for (const source of message.pickedFrom) if (onBase.has(source)) note(sha, source);
  for (const [sha, same] of copies) if (waiting.has(sha)) for (const copy of same) note(sha, copy);
  if (via.size === 0) return new Set();

  // A change made once more on top of the base's own is not a copy of it: it follows a revert.
  const isBelow = ancestry(commits, log);
  const copied = [...via].filter(([sha, sources]) => {
    const own = sources.filter((copy) => !isBelow(copy, sha));
    via.set(sha, own);
    return own.length > 0;
  });
  const fallen = takenBack(log);
  const held = new Set(copied.map(([sha]) => sha));
  const takenBackHere = new Set<string>();
  for (const sha of held) {
    const reverts = waiting.get(sha)?.message.reverts;
    if (reverts?.sha !== undefined) takenBackHere.add(reverts.sha);
    if (reverts?.subject !== undefined) takenBackHere.add(reverts.subject);
  }
  // Where the base took its copy back, the change waits, unless it holds the revert from here as well.
  for (const [sha] of copied)
    if (
      via.get(sha)?.every((copy) => fallen.has(copy)) &&
      !takenBackHere.has(sha) &&
      !takenBackHere.has(waiting.get(sha)?.message.subject ?? '')
    )
      held.delete(sha);
  return held;
}

/** Tells whether a commit of the base is in the history of a waiting one: it came with a merge of the base. */
function ancestry(
  commits: readonly Commit[],
  log: readonly BaseCommit[],
): (ancestor: string, sha: string) => boolean {
  const parentsOf = new Map<string, readonly string[]>();
  /** The place in the base's log up to which a commit may know it; an ancestor always has an earlier one. */
  const reach = new Map<string, number>();
  const place = new Map(log.map(({ sha }, i) => [sha, i]));
  for (const { sha, parents } of log) parentsOf.set(sha, parents);
  for (const { sha, parents } of commits) {
    parentsOf.set(sha, parents);
    let farthest = -1;
    for (const parent of parents)
      farthest = Math.max(farthest, place.get(parent) ?? -1, reach.get(parent) ?? -1);
    reach.set(sha, farthest);
  }
  return (ancestor, sha) => {
    const at = place.get(ancestor) ?? Infinity;
    if (at > (reach.get(sha) ?? -1)) return false;
    const seen = new Set<string>();
    const open = [sha];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === ancestor) return true;
      if (seen.has(next) || (place.get(next) ?? reach.get(next) ?? -1) < at) continue;
      seen.add(next);
      open.push(...(parentsOf.get(next) ?? []));
    }
    return false;
  };
}
