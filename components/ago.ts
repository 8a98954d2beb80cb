/** How long ago in one number and its unit, as tables have room for: `12 s`, `5 min`, `3 h`, `9 d`. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** How long before `now` (milliseconds since the epoch) that was; `–` for what is no time. */
export function ago(at: string, now: number): string {
  const then = Date.parse(at);
  return Number.isNaN(then) ? '–' : `${ageText(now - then)} ago`;
}
