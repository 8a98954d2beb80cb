import { defineConfig } from 'rolldown';
import { inkWithoutDevtools } from './scripts/ink-devtools-plugin.mjs';
import { inkTable } from './scripts/ink-table-plugin.mjs';

const shared = {
  platform: 'node',
  transform: { define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' } },
  plugins: [inkTable(), inkWithoutDevtools()],
};

// `dist` is the product; `.build` holds what only this repository runs (the demo and the benches).
export default defineConfig([
  {
    ...shared,
    input: { bin: 'src/bin.ts', conductor: 'src/conductor.ts', proxy: 'src/proxy.ts' },
    output: {
      dir: 'dist',
      format: 'esm',
      cleanDir: true,
      minify: true,
      keepNames: true,
      chunkFileNames: 'chunks/[name]-[hash].js',
      banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
    },
  },
  {
    ...shared,
    input: { bench: 'bench/main.ts', demo: 'demo/main.ts', load: 'demo/load/main.ts', pictures: 'demo/pictures/main.ts' },
    external: ['@lydell/node-pty', '@xterm/headless'],
    output: { dir: '.build', format: 'esm', cleanDir: true, chunkFileNames: 'chunks/[name]-[hash].js' },
  },
]);
