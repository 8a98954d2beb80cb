// Writes `deployment_memory/schemas` and `deployment_memory/defaults` from the zod schemas in `src`.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'rolldown';
import { root } from './setup.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'orchestra-schemas-'));
try {
  const file = path.join(folder, 'schemas.mjs');
  await build({
    input: path.join(root, 'src/memory/schemas.ts'),
    platform: 'node',
    output: { file, format: 'esm' },
    logLevel: 'warn',
  });
  const { publishedFiles } = await import(pathToFileURL(file).href);
  for (const { name, text } of publishedFiles()) {
    const target = path.join(root, 'deployment_memory', name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
