import type { Event } from '../src/domain/event.ts';

/** Events that the screen keeps; the journal keeps all. */
export const logLimit = 4096;

const blockSize = 256;

/** Events in their order, by place. An array is one too. */
export type Events = Pick<readonly Event[], 'length' | 'at'>;

/**
 * The newest events of a deployment, oldest first. Never changed: a longer log shares all full blocks with the one it grew
 * from, so that taking in a batch costs the same however many there are. It lets go of the oldest a block at a time.
 */
export class EventLog implements Events {
  readonly length: number;
  readonly #blocks: readonly (readonly Event[])[];

  constructor(blocks: readonly (readonly Event[])[] = []) {
    this.#blocks = blocks;
    this.length = blocks.length === 0 ? 0 : (blocks.length - 1) * blockSize + (blocks.at(-1)?.length ?? 0);
  }

  /** The event at a place; a negative one counts from the newest. */
  at(place: number): Event | undefined {
    const i = place < 0 ? this.length + place : place;
    return this.#blocks[Math.floor(i / blockSize)]?.[i % blockSize];
  }

  /** The log with these events after its own. */
  with(batch: readonly Event[]): EventLog {
    if (batch.length === 0) return this;
    const last = this.#blocks.at(-1) ?? [];
    const open = last.length < blockSize ? last : [];
    const full = open === last ? this.#blocks.slice(0, -1) : this.#blocks;
    const tail = [...open, ...batch];
    const added = Array.from({ length: Math.ceil(tail.length / blockSize) }, (_, i) =>
      tail.slice(i * blockSize, (i + 1) * blockSize),
    );
    const blocks = [...full, ...added];
    return new EventLog(blocks.slice(-(logLimit / blockSize + 1)));
  }
}

export const noEvents = new EventLog();
