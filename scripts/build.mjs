// Builds `dist/` (the product) and `.build/` (demo and benches). `--if-stale` skips the work when nothing changed.
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, run } from './setup.mjs';

const sources = [
  'src',
  'components',
  'store',
  'providers',
  'demo',
  'bench',
  'scripts/build.mjs',
  'scripts/ink-table-plugin.mjs',
  'scripts/lean-ink-plugin.mjs',
  'rolldown.config.mjs',
  'package.json',
];

function newest(file) {
  const info = statSync(file);
  if (!info.isDirectory()) return info.mtimeMs;
  return Math.max(0, ...readdirSync(file).map((name) => newest(path.join(file, name))));
}

function fresh() {
  const built = path.join(root, 'dist/bin.js');
  if (!existsSync(built)) return false;
  const at = statSync(built).mtimeMs;
  return sources.every((name) => {
    const file = path.join(root, name);
    return !existsSync(file) || newest(file) <= at;
  });
}

if (!process.argv.includes('--if-stale') || !fresh()) {
  run(process.execPath, [
    'node_modules/rolldown/bin/cli.mjs',
    '-c',
    'rolldown.config.mjs',
    '--logLevel',
    'warn',
  ]);
  // The package is ES modules, what is built of it is not.
  writeFileSync(path.join(root, 'dist/package.json'), '{ "type": "commonjs" }\n');
}
