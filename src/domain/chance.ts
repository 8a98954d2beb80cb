/** A chance of success as it is shown everywhere: `0.83`. It rounds as percentages do, so that 0.825 is 83 % and 0.83. */
export function chanceText(probability: number): string {
  return (Math.round(probability * 100) / 100).toFixed(2);
}
