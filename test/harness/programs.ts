import { describe, expect, it } from 'vitest';

/**
 * Tests that need a program of the machine: where it is missing they are skipped by name and reason, and under CI, which
 * installs it (`scripts/system-packages.sh`), that is a failure.
 */
export function withProgram(program: string, why: string | undefined, tests: () => void): void {
  if (why === undefined) return tests();
  describe(program, () => {
    if (process.env['CI'] === undefined) it.skip(`not tested: ${why}`, () => {});
    else it('is there for its tests', () => expect(why).toBeUndefined());
  });
}
