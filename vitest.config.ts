import { defineConfig } from 'vitest/config';
import { inkTable } from './scripts/ink-table-plugin.mjs';

export default defineConfig({
  plugins: [inkTable()],
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    server: { deps: { inline: ['ink-table'] } },
  },
});
