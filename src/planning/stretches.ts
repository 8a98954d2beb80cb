import { TouchedPaths } from './touched-paths.ts';
import type { Waiting } from './waiting.ts';

/** Neighbouring steps, by index, that can be replayed as one change: `from` to `to`, both included. */
export interface Stretch {
  from: number;
  to: number;
}

/** Newer than every step: what the base did by itself lies in everyone's way. */
const always = Infinity;
const ever = -Infinity;

/** How a choice is replayed, and then its rest after it. */
export interface Stretches {
  chosen: Stretch[];
  rest: Stretch[];
}

/**
 * Cuts a replay of the chosen steps, and of the rest after them, into as few merges as give what one merge a step
 * would. Where a step's files were left alone by all it is replayed without (or after, out of turn), git's three-way
 * merge only copies them, so neighbours like that go as one. A step that shares a file with those goes alone, and where
 * it makes or removes files, from then on they all count as touched: a move carries the difference along.
 */
export function cutStretches(
  waiting: Waiting,
  isChosen: (index: number) => boolean,
  isRest: (index: number) => boolean,
): Stretches {
  const { steps, basePaths } = waiting;
  const wholly = basePaths === undefined;
  const apart = new TouchedPaths();
  const ahead = new TouchedPaths();
  apart.add(basePaths ?? [], always);
  ahead.add(basePaths ?? [], always);

  const chosen = new Cutter();
  for (const [index, step] of steps.entries()) {
    if (!isChosen(index)) {
      apart.add(step.paths, always);
      // What the base holds in another form is not replayed at all.
      if (!isRest(index)) ahead.add(step.paths, always);
      continue;
    }
    ahead.add(step.paths, index);
    const shared = apart.meeting(step.paths, ever);
    if (!wholly && shared.length === 0) chosen.join(index);
    else {
      chosen.alone(index);
      const differing = step.moves ? step.paths : shared;
      apart.add(differing, always);
      ahead.add(differing, always);
    }
  }

  const rest = new Cutter();
  for (const [index, step] of steps.entries()) {
    if (!isRest(index)) continue;
    const shared = ahead.meeting(step.paths, index);
    if (!wholly && shared.length === 0) rest.join(index);
    else {
      rest.alone(index);
      ahead.add(step.moves ? step.paths : shared, always);
    }
  }
  return { chosen: chosen.stretches, rest: rest.stretches };
}

class Cutter {
  readonly stretches: Stretch[] = [];
  private open = false;

  alone(index: number): void {
    this.stretches.push({ from: index, to: index });
    this.open = false;
  }

  join(index: number): void {
    const last = this.stretches.at(-1);
    if (this.open && last?.to === index - 1) last.to = index;
    else this.stretches.push({ from: index, to: index });
    this.open = true;
  }
}
