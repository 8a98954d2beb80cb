/** A number with its noun, as people write it: `1 feature`, `2 features`, `3 suites passed`. `many` where -s is wrong. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
