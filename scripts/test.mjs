// `npm test`: sets up (dependencies, build) and runs every test. Arguments go to vitest.
import { installDependencies, requireTools, root } from './setup.mjs';
import { spawnSync } from 'node:child_process';

requireTools();
installDependencies();
const build = spawnSync(process.execPath, ['scripts/build.mjs', '--if-stale'], {
  cwd: root,
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(build.status ?? 1);
const tests = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
process.exit(tests.status ?? 1);
