import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'rolldown';
import { leanInk } from './scripts/lean-ink-plugin.mjs';
import { inkTable } from './scripts/ink-table-plugin.mjs';

/**
 * Writes every character beyond ASCII as an escape: V8 keeps a text that has one of them twice as large, and Node decodes
 * it slowly. After minifying, such characters stand in strings, templates and regular expressions alone.
 */
function asciiOnly() {
  const unit = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return {
    name: 'ascii-only',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        file.code = file.code.replaceAll(/\\[^]|[^\0-\x7f]/g, (found) =>
          found.at(-1) > '\x7f' ? unit(found.at(-1)) : found,
        );
      }
    },
  };
}

/** A digest of what discovery is computed by: what an earlier program kept is used only where this is the same. */
function analysisVersion() {
  const hash = createHash('sha256').update(readFileSync('package-lock.json'));
  for (const folder of ['src/domain', 'src/planning'])
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) hash.update(readFileSync(path.join(entry.parentPath, entry.name)));
  return hash.digest('hex').slice(0, 16);
}

const shared = {
  platform: 'node',
  transform: {
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.DEV': '"false"',
      ORCHESTRA_FAILPOINTS: 'false',
      ORCHESTRA_ANALYSIS: JSON.stringify(analysisVersion()),
    },
  },
  plugins: [inkTable(), leanInk()],
};

// `dist` is the product; `.build` holds what only this repository runs (the demo and the benches).
export default defineConfig([
  {
    ...shared,
    plugins: [...shared.plugins, asciiOnly()],
    input: {
      bin: 'src/bin.ts',
      main: 'src/main.ts',
      conductor: 'src/conductor.ts',
      proxy: 'src/proxy.ts',
      scanner: 'src/scanner.ts',
      verifier: 'src/verifier.ts',
      'warm-start': 'src/warm-start.ts',
    },
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
      'change-prior': 'bench/learning/shipped-prior-writer.ts',
      'bench-load': 'bench/load-process.ts',
      'lean-redraw': 'bench/bare-ink/redraw.tsx',
      'events-writer': 'bench/events/writer.ts',
      'memory-writer': 'bench/memory/writer.ts',
      'reports-reader': 'bench/reports/reader.ts',
      demo: 'demo/main.ts',
      load: 'demo/load/main.ts',
      pictures: 'demo/pictures/main.ts',
      'bench-screen': 'bench/keypress/screen.ts',
      'bench-lean': 'bench/keypress/bare.tsx',
    },
    external: ['@lydell/node-pty', '@xterm/headless', 'playwright-core'],
    output: { dir: '.build', format: 'esm', cleanDir: true, chunkFileNames: 'chunks/[name]-[hash].js' },
  },
  {
    ...shared,
    // Ink as it comes, to be measured beside.
    plugins: [inkTable()],
    input: { 'bench-ink': 'bench/keypress/bare.tsx', 'bare-redraw': 'bench/bare-ink/redraw.tsx' },
    output: { dir: '.build', format: 'esm', chunkFileNames: 'chunks/ink-[name]-[hash].js' },
  },
]);
