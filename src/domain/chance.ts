/** A chance of success as it is shown everywhere: `0.83`. It rounds as percentages do, so that 0.825 is 83 % and 0.83. */
export function chanceText(probability: number): string {
  return (Math.round(probability * 100) / 100).toFixed(2);
}

/** A chance with its 90 % interval and what it rests on: `0.83 (0.51–0.97, n=12)`. */
export function surenessText(risk: { probability: number; interval: readonly number[]; n: number }): string {
  return `${chanceText(risk.probability)} (${risk.interval.map(chanceText).join('–')}, n=${risk.n})`;
}
