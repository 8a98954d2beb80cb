/** Whether a name matches a part of a pattern with `*` and `?`; linear in the name for each `*`. */
export function matchesName(name: string, pattern: string): boolean {
  let at = 0;
  let p = 0;
  let star = -1;
  let from = 0;
  while (at < name.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++;
      from = at;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[at])) {
      p += 1;
      at += 1;
    } else if (star >= 0) {
      p = star + 1;
      at = ++from;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/** Parts of a pattern between its slashes, without empty ones and `.`. */
export function partsOf(pattern: string): string[] {
  return pattern.split('/').filter((part) => part !== '' && part !== '.');
}

/** Whether a path's name says itself which one it is. */
export function isPlain(part: string): boolean {
  return !/[*?]/.test(part);
}
