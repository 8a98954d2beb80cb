// `npm run demo`: sets up (dependencies, build) and starts the demo. Arguments go to it; stdout is its own.
import { spawn } from 'node:child_process';
import { installDependencies, requireTools, root, run } from './setup.mjs';

requireTools();
installDependencies();
run(process.execPath, ['scripts/build.mjs', '--if-stale']);
const demo = spawn(process.execPath, ['.build/demo.js', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
// The demo hears the same signals and ends its processes first; this process only passes its exit code on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => demo.kill(signal));
demo.on('close', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
});
