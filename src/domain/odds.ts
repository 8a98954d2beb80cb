/** Odds against chance, of a natural logarithm: `12 : 1`; anything at or below even odds is no sign. */
export function oddsWords(log: number): string {
  if (log <= 0) return 'no sign';
  if (log > Math.log(1e6)) return 'over a million';
  const times = Math.exp(log);
  return `${times < 10 ? times.toFixed(1) : Math.round(times).toLocaleString('en')} : 1`;
}
