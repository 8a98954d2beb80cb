// `npm run pictures`: sets up (dependencies, build), plays the demo and draws its screens into `docs/pictures`.
import { installDependencies, requireTools, run } from './setup.mjs';

requireTools();
installDependencies();
run(process.execPath, ['scripts/build.mjs', '--if-stale']);
run(process.execPath, ['.build/pictures.js']);
