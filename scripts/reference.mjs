// Writes the parts of `docs/` that come from the code: the keys of `orchestra.yaml`, the keys of the program.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'rolldown';
import { root } from './setup.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'orchestra-reference-'));
try {
  const file = path.join(folder, 'pages.mjs');
  await build({
    input: path.join(root, 'scripts/reference/pages.ts'),
    platform: 'node',
    output: { file, format: 'esm' },
    logLevel: 'warn',
  });
  const { pages, withGenerated } = await import(pathToFileURL(file).href);
  for (const { file: name, generate } of pages) {
    const target = path.join(root, name);
    writeFileSync(target, withGenerated(readFileSync(target, 'utf8'), generate()));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
