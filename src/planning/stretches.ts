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
 * merge only copies them, so neighbours like that go as one. A step that shares a file with those goes alone, and from
 * then on its files count as touched: a rename carries the difference along.
 */
export function cutStretches(
  waiting: Waiting,
  isChosen: (index: number) => boolean,
  isRest: (index: number) => boolean,
): Stretches {
  const paths = (index: number) => waiting.steps[index]?.paths;
  const apart = new TouchedPaths();
  const wholly = waiting.basePaths === undefined;
  apart.add(waiting.basePaths ?? [], always);

  const chosen = new Cutter();
  for (const index of waiting.steps.keys()) {
    const own = paths(index);
    if (!isChosen(index)) apart.add(own ?? [], always);
    else if (wholly || !own || apart.meets(own, ever)) {
      chosen.alone(index);
      apart.add(own ?? [], always);
    } else chosen.join(index);
  }

  const ahead = new TouchedPaths();
  ahead.add(waiting.basePaths ?? [], always);
  for (const index of waiting.steps.keys()) if (isChosen(index)) ahead.add(paths(index) ?? [], index);
  for (const index of chosen.lone) ahead.add(paths(index) ?? [], always);
  const rest = new Cutter();
  for (const index of waiting.steps.keys()) {
    const own = paths(index);
    if (!isRest(index)) {
      // What the base holds in another form is not replayed at all.
      if (!isChosen(index)) ahead.add(own ?? [], always);
    } else if (wholly || !own || ahead.meets(own, index)) {
      rest.alone(index);
      ahead.add(own ?? [], always);
    } else rest.join(index);
  }
  return { chosen: chosen.stretches, rest: rest.stretches };
}

class Cutter {
  readonly stretches: Stretch[] = [];
  readonly lone: number[] = [];
  private open = false;

  alone(index: number): void {
    this.stretches.push({ from: index, to: index });
    this.lone.push(index);
    this.open = false;
  }

  join(index: number): void {
    const last = this.stretches.at(-1);
    if (this.open && last?.to === index - 1) last.to = index;
    else this.stretches.push({ from: index, to: index });
    this.open = true;
  }
}
