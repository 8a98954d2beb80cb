import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { afterAll } from 'vitest';
import { temporaryFolder } from './folder.ts';

const made = new Map<string, Promise<string>>();
let folder: string | undefined;

/** A file of `test/fixtures` as one that plain Node runs, for tests that need a second process; made once a test file. */
export function bundled(fixture: string): Promise<string> {
  folder ??= temporaryFolder('orchestra-bundle-');
  const file = join(folder, `${basename(fixture, '.ts')}.mjs`);
  let making = made.get(fixture);
  if (!making) {
    making = build({
      input: fileURLToPath(new URL(`../fixtures/${fixture}`, import.meta.url)),
      platform: 'node',
      logLevel: 'warn',
      output: { file, format: 'esm', codeSplitting: false },
    }).then(() => file);
    made.set(fixture, making);
  }
  return making;
}

afterAll(() => {
  if (folder) rmSync(folder, { recursive: true, force: true });
});
