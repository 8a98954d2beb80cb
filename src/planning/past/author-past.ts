const year = 365.25 * 86_400;
/** Touches this close together are of one age, in seconds. */
const month = year / 12;

/** What one person changed so far. */
export class AuthorPast {
  constructor(
    readonly number: number,
    /** Different files touched, by subsystem. */
    readonly filesIn = new Map<string, number>(),
    /** Files touched, by the month they were touched in. */
    readonly touches = new Map<number, number>(),
  ) {}

  touch(at: number, files: number): void {
    const when = Math.floor(at / month);
    this.touches.set(when, (this.touches.get(when) ?? 0) + files);
  }

  knows(subsystem: string): void {
    this.filesIn.set(subsystem, (this.filesIn.get(subsystem) ?? 0) + 1);
  }

  /** Files touched so far, and the same, each weighted by 1/(its age in years + 1). */
  experience(at: number): [all: number, recent: number] {
    let [all, recent] = [0, 0];
    for (const [when, files] of this.touches) {
      all += files;
      // The month's middle stands for it.
      recent += files / (Math.max(0, at - (when + 0.5) * month) / year + 1);
    }
    return [all, recent];
  }
}
