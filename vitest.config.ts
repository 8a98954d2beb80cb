import { defineConfig } from 'vitest/config';
import ClosingLine from './test/harness/closing-line.ts';
import { inkTable } from './scripts/ink-table-plugin.mjs';

export default defineConfig({
  plugins: [inkTable()],
  // Tests can make any operation of the memory's disk fail (`providers/runtime/failpoints.ts`).
  define: { ORCHESTRA_FAILPOINTS: 'true' },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    environment: 'node',
    // A verifier would outlive the test that deployed; its own tests say otherwise.
    env: { ORCHESTRA_VERIFICATION: 'off', ORCHESTRA_WARM_START: 'off' },
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', new ClosingLine()],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    server: { deps: { inline: ['ink-table'] } },
  },
});
