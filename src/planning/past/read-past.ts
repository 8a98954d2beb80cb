import { availableParallelism } from 'node:os';
import type { ChangeMetrics } from '../../domain/risk/change-metrics.ts';
import type { Git } from '../../ports/git.ts';
import type { CommitDiff, FileDiff } from '../diff.ts';
import { readDiffs } from '../diff-pass.ts';
import { isGenerated } from '../generated-files.ts';
import { isMachineWritten, isVendored } from '../vendored-files.ts';
import { isCode, LineOwners } from './line-owners.ts';
import { Past } from './past.ts';
import { readPastLog } from './past-log.ts';
import type { PastUnit } from './past-unit.ts';
import { steadyTimes } from './steady-times.ts';
import { TakeBacks } from './take-backs.ts';

/** How a change turned out to need another. */
export type Evidence = 'revert' | 'fix';

/** One first-parent commit of the past, in order. */
export interface PastStep {
  /** Its number, counted from the first. */
  number: number;
  sha: string;
  /** When it landed, seconds since 1970, clocks that were wrong put right. */
  at: number;
  /** Absent where there is nothing to measure: an import, a merge of trunks, tools' files alone, contents that are missing. */
  metrics?: ChangeMetrics;
  /** Earlier changes that this one shows to have been defective, by number. */
  shows: ReadonlyMap<number, Evidence>;
}

/** All that the steps so far leave behind for those to come. */
export interface PastState {
  /** The last commit that was taken in. */
  sha: string | undefined;
  /** Changes so far. */
  count: number;
  past: Past;
  owners: LineOwners;
  takeBacks: TakeBacks;
  /** Changes of the last year: the number of the first, and when each of them landed, in seconds since 1970. */
  recent: { first: number; at: number[] };
  /** When the last ones landed, as the committers' clocks had it. */
  landed: number[];
}

export interface PastRequest {
  git: Git;
  /** The newest commit to take in. */
  tip: string;
  /** What earlier steps left; changed by the steps taken. */
  state: PastState;
  /** Git processes side by side; half of the processors unless said, since nobody waits for this. */
  shards?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Told now and then how many commits were taken in. */
  progress?: ((done: number, of: number) => void) | undefined;
}

export function emptyPast(): PastState {
  return {
    sha: undefined,
    count: 0,
    past: new Past(),
    owners: new LineOwners(),
    takeBacks: new TakeBacks(),
    recent: { first: 0, at: [] },
    landed: [],
  };
}

/** Readings of clocks that are kept, at least, to tell a wrong one by. */
const keptReadings = 500;
/**
 * Lines older than this, in seconds, are not taken for the fault of who wrote them when a fix replaces them: a year is what
 * the product says of a change, and half of the defects that are ever traced to a line show within it.
 */
export const recentTime = 365 * 86_400;
/** Commits between two words about how far it is. */
const toldEvery = 64;
/** A fix that touches more files of code than this moves things; what it replaces was not wrong. */
const mostFixed = 30;

/**
 * The first-parent commits after those of the state up to `tip`, in one pass over git's diffs. Gives undefined first, and
 * nothing else, where the state's commit is no ancestor of `tip` any more. Throws what git throws.
 */
export async function* readPast(request: PastRequest): AsyncGenerator<PastStep | undefined> {
  const { git, tip, state, signal, progress } = request;
  const units = await readPastLog(git, tip, state.sha, signal);
  if (!units) {
    yield undefined;
    return;
  }
  const readings = [...state.landed, ...units.map(({ landed }) => landed)];
  const times = steadyTimes(readings).slice(state.landed.length);
  const diffs = readDiffs({
    git,
    shas: units.map(({ sha }) => sha),
    wantsLines: isCode,
    shards: request.shards ?? Math.max(1, Math.min(4, availableParallelism() >> 1)),
    signal,
  });
  let done = 0;
  for await (const diff of diffs) {
    const unit = units[done];
    if (!unit) return;
    if (done % toldEvery === 0) progress?.(done, units.length);
    state.landed.push(unit.landed);
    if (state.landed.length > 2 * keptReadings) state.landed.splice(0, keptReadings);
    yield take(state, unit, Math.max(state.past.lastAt, times[done] ?? 0), diff);
    done += 1;
  }
  progress?.(done, units.length);
}

function take(state: PastState, unit: PastUnit, at: number, diff: CommitDiff): PastStep {
  const { past, owners, takeBacks } = state;
  const number = state.count;
  const files = diff.files.filter(isOwn);
  forget(state.recent, at);
  const change = { author: unit.author, at, fix: unit.fix, files };
  const shows = unit.sync || unit.root ? new Map<number, Evidence>() : shownBy(state, unit, files);
  const measured = !unit.sync && !unit.root && diff.unknown === 0 && files.length > 0;
  const step: PastStep = {
    number,
    sha: unit.sha,
    at,
    ...(measured && { metrics: past.measure(change) }),
    shows,
  };
  past.take(change);
  for (const file of files) owners.take(measured ? number : -1, file);
  takeBacks.add(number, unit);
  state.recent.at.push(at);
  state.count += 1;
  state.sha = unit.sha;
  return step;
}

/** Lets go of what is no longer recent; times never fall, so those are the first ones. */
function forget(recent: PastState['recent'], at: number): void {
  const kept = recent.at.findIndex((landed) => landed >= at - recentTime);
  const gone = kept < 0 ? recent.at.length : kept;
  recent.at.splice(0, gone);
  recent.first += gone;
}

/** What a change takes back, or what wrote the lines that it puts right. */
function shownBy(
  { owners, takeBacks, recent }: PastState,
  { fix, message }: PastUnit,
  files: readonly FileDiff[],
): Map<number, Evidence> {
  const shows = new Map<number, Evidence>();
  if (message.reverts) {
    const back = takeBacks.find(message.reverts);
    if (back !== undefined && back >= recent.first) shows.set(back, 'revert');
    return shows;
  }
  if (!fix) return shows;
  const code = files.filter(({ path, status }) => status !== 'added' && isCode(path));
  if (code.length > mostFixed) return shows;
  for (const file of code)
    for (const owner of owners.blame(file).keys()) if (owner >= recent.first) shows.set(owner, 'fix');
  return shows;
}

/** A file whose lines people wrote here. */
function isOwn({ path, submodule, added }: FileDiff): boolean {
  return submodule !== true && !isGenerated(path) && !isVendored(path) && !isMachineWritten(path, added);
}
