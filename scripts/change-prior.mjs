// `node scripts/change-prior.mjs [--data DIR] [--repository DIR]…`: makes src/domain/risk/shipped-prior.ts anew, of open data and
// of git histories. Only numbers learned from them are written.
import { spawnSync } from 'node:child_process';
import { requireTools, root, run } from './setup.mjs';

requireTools();
run(process.execPath, ['scripts/build.mjs', '--if-stale']);
const made = spawnSync(process.execPath, ['.build/change-prior.js', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
if (made.status === 0) run('npx', ['oxfmt', 'src/domain/risk/shipped-prior.ts']);
process.exit(made.status ?? 1);
