import { defineConfig } from 'rolldown';
import { leanInk } from './scripts/lean-ink-plugin.mjs';
import { inkTable } from './scripts/ink-table-plugin.mjs';

const shared = {
  platform: 'node',
  transform: { define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' } },
  plugins: [inkTable(), leanInk()],
};

// `dist` is the product; `.build` holds what only this repository runs (the demo and the benches).
export default defineConfig([
  {
    ...shared,
    input: { bin: 'src/bin.ts', main: 'src/main.ts', conductor: 'src/conductor.ts', proxy: 'src/proxy.ts' },
    output: {
      dir: 'dist',
      // Node loads CommonJS sooner than ES modules, and only its scripts can come from a code cache of our own.
      format: 'cjs',
      cleanDir: true,
      minify: true,
      chunkFileNames: 'chunks/[name]-[hash].js',
      // What the first frame needs comes in two files: every further one would be waited for.
      codeSplitting: {
        groups: [
          { name: 'start', test: /components[\\/]start\.ts$/, priority: 2 },
          { name: 'screen', test: /components[\\/]mount\.tsx$/, priority: 1 },
        ],
      },
      banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
    },
  },
  {
    ...shared,
    input: {
      bench: 'bench/main.ts',
      demo: 'demo/main.ts',
      load: 'demo/load/main.ts',
      pictures: 'demo/pictures/main.ts',
    },
    external: ['@lydell/node-pty', '@xterm/headless'],
    output: { dir: '.build', format: 'esm', cleanDir: true, chunkFileNames: 'chunks/[name]-[hash].js' },
  },
]);
