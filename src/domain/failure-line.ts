/**
 * A line with which a test runner names what failed: TAP and node (`not ok`, `✖`), vitest and jest (`FAIL`, `×`, `●`),
 * pytest and rust (`FAILED`), go (`--- FAIL:`). Best effort: it points at the place in the log, it decides nothing.
 */
const named = /^\s*(?:not ok\b|[✖✗×●] \S|FAIL\b|FAILED\b|--- FAIL:|test .+ \.\.\. FAILED$)/u;

/** Whether a line of a suite's output names a test that failed. */
export function isFailureLine(line: string): boolean {
  return named.test(line);
}

/** The first `max` of these lines that name a failing test, each once; empty when none does. */
export function failuresIn(lines: readonly string[], max: number): string[] {
  return [...new Set(lines.filter((line) => named.test(line)).map((line) => line.trim()))].slice(0, max);
}
