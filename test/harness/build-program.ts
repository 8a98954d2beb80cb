import { rmSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { leanInk } from '../../scripts/lean-ink-plugin.mjs';
import { inkTable } from '../../scripts/ink-table-plugin.mjs';
import { temporaryFolder } from './folder.ts';

/** A program of this repository as Node can run it, in a folder of its own. */
export interface BuiltProgram {
  file: string;
  remove: () => void;
}

/** Bundles `entry` (an absolute path) the way the product is bundled, so that its terminal can be opened for real. */
export async function buildProgram(entry: string): Promise<BuiltProgram> {
  const dir = temporaryFolder('orchestra-ui-');
  const bundle = await rolldown({
    input: { program: entry },
    platform: 'node',
    transform: { define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' } },
    plugins: [inkTable(), leanInk()],
    logLevel: 'silent',
  });
  await bundle.write({
    dir,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
  });
  await bundle.close();
  return {
    file: path.join(dir, 'program.mjs'),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
