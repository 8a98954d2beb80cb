// `npm run -s endure [-- SEED]`: the long lanes. What continuous integration tries each time, for as long as it takes: other moments
// with another seed. Its counts are the lines before the last.
import { spawnSync } from 'node:child_process';
import { root } from './setup.mjs';

const [seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const long = {
  ORCHESTRA_SEED: seed,
  ORCHESTRA_STATES: '100000',
  ORCHESTRA_RANDOM_KILLS: '1000',
  ORCHESTRA_KILLS: '1000',
  ORCHESTRA_LONG: '1',
};
process.stdout.write(`seed ${seed}\n`);
const tests = spawnSync(
  process.execPath,
  [
    'scripts/test.mjs',
    'test/memory',
    'test/engine/random-kills',
    'test/engine/conductor',
    'test/journeys/kills',
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ...long } },
);
process.exit(tests.status ?? 1);
