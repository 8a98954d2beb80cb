/**
 * When things that came one after another happened, where single clocks were wrong: the longest run of readings that never
 * goes back is believed, and whatever lies between two of it happened with the earlier one. Seconds; one for each reading.
 */
export function steadyTimes(readings: readonly number[]): number[] {
  const believed = longestRising(readings);
  const first = readings[believed[0] ?? 0] ?? 0;
  let next = 0;
  let now = first;
  return readings.map((reading, i) => {
    if (believed[next] === i) {
      next += 1;
      now = reading;
    }
    return now;
  });
}

/** The places of a longest run of readings that never falls; n log n. */
function longestRising(readings: readonly number[]): number[] {
  /** Of runs so long, the place where the one with the lowest end ends. */
  const ends: number[] = [];
  const before = new Int32Array(readings.length).fill(-1);
  for (const [i, reading] of readings.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((readings[ends[middle] ?? 0] ?? 0) <= reading) low = middle + 1;
      else high = middle;
    }
    before[i] = low > 0 ? (ends[low - 1] ?? -1) : -1;
    ends[low] = i;
  }
  const run: number[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) run.push(at);
  return run.reverse();
}
