// `npm run bench -- [NAME…] [--json]`: sets up (dependencies, build) and measures. It reports; tests judge.
import { spawnSync } from 'node:child_process';
import { installDependencies, requireTools, root, run } from './setup.mjs';

requireTools();
installDependencies();
run(process.execPath, ['scripts/build.mjs', '--if-stale']);
const done = spawnSync(process.execPath, ['.build/bench.js', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(done.status ?? 1);
