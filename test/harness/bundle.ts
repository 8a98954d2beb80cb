import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll } from 'vitest';
import { build } from 'rolldown';
import { temporaryFolder } from './folder.ts';

/**
 * Gives a function that turns a TypeScript file into one that node runs, for tests with processes of their own. Failpoints work in
 * it, unless it shall be as the product is.
 */
export function bundler({ failpoints = true } = {}): (entry: string) => Promise<string> {
  const folder = temporaryFolder('orchestra-bundle-');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return async (entry) => {
    const file = path.join(folder, `${path.basename(entry, path.extname(entry))}.mjs`);
    await build({
      input: entry,
      platform: 'node',
      transform: { define: { ORCHESTRA_FAILPOINTS: String(failpoints) } },
      // Less to read for processes that are started by the hundred.
      output: { file, format: 'esm', minify: true },
      logLevel: 'silent',
    });
    return file;
  };
}
