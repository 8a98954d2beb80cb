/** After a key or a change of what is shown: at most 30 frames a second, the first of them at once. */
const changeMs = 33;
/** Changes that nobody asked for make two frames in so long at most: 10 a second, and one that comes alone waits for none. */
const pairMs = 205;
/** A key is answered for so long: what it set going may come in later, and waits no longer than another key. */
const answerMs = 1000;
/** What only moves, as a spinner does, waits for a pause of this long: 8 frames a second where nothing else happens. */
const motionMs = 125;

/** Draws when it is called, or somewhat later; several calls may make one frame. */
export interface Paced {
  (): void;
  /** Draws now what still waits. */
  flush(): void;
  cancel(): void;
}

/** Milliseconds on any clock that only goes forward. */
export type Clock = () => number;

const monotonic: Clock = () => {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
};

/** Decides when frames are drawn. */
export class Pace {
  private readonly clock: Clock;
  private cause: 'key' | 'change' | 'motion' = 'motion';
  private last = Number.NEGATIVE_INFINITY;
  private lastButOne = Number.NEGATIVE_INFINITY;
  private lastKey = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock = monotonic) {
    this.clock = clock;
  }

  /** A key came in: the frame it brings waits for none but that of the key before. */
  pressed(): void {
    this.cause = 'key';
  }

  /** What is shown may have changed. */
  changed(): void {
    if (this.cause === 'motion') this.cause = 'change';
  }

  private due(): number {
    if (this.cause === 'key') return this.lastKey + changeMs;
    if (this.cause === 'motion') return this.last + motionMs;
    const soonest = this.last + changeMs;
    return this.last - this.lastKey < answerMs ? soonest : Math.max(soonest, this.lastButOne + pairMs);
  }

  /** `draw` at the pace of what it is called for. */
  of(draw: () => void): Paced {
    let timer: NodeJS.Timeout | undefined;
    let waitsUntil = Number.POSITIVE_INFINITY;
    const cancel = () => {
      clearTimeout(timer);
      timer = undefined;
      waitsUntil = Number.POSITIVE_INFINITY;
    };
    const now = () => {
      cancel();
      this.lastButOne = this.last;
      this.last = this.clock();
      if (this.cause === 'key') this.lastKey = this.last;
      this.cause = 'motion';
      draw();
    };
    const paced = () => {
      const due = this.due();
      const left = due - this.clock();
      if (left <= 0) return now();
      if (timer && waitsUntil <= due) return;
      cancel();
      waitsUntil = due;
      timer = setTimeout(now, left);
    };
    return Object.assign(paced, {
      flush: () => {
        if (timer) now();
      },
      cancel,
    });
  }
}

/** The pace of this process's screen. */
export const pace = new Pace();
