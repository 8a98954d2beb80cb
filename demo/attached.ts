import { rmSync } from 'node:fs';
import path from 'node:path';
import { ensureLoad } from './load/load-process.ts';
import { placesIn, programsIn, type Places } from './places.ts';
import { ensureSample, ensureServing, stopDemo, urlOf, wasDeployed } from './prepare.ts';
import { openProduct } from './product.ts';

/** The port the sample's users reach, where it is free. */
const preferredPort = 4810;

/** The demo that stays between calls, in an ignored folder of this repository. */
export function lastingPlaces(root: string): Places {
  return placesIn(path.join(root, '.demo'));
}

/** Ends the demo's processes and removes all it made. */
export async function resetDemo(places: Places): Promise<void> {
  await stopDemo(places);
  rmSync(places.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/**
 * Makes what is missing of the demo (the sample, a running version 1, its users) and hands the terminal to the UI;
 * gives the UI's exit code. Leaving the UI stops nothing: the next call attaches again.
 */
export async function runAttached(root: string, places: Places): Promise<number> {
  const programs = programsIn(root);
  const product = openProduct(programs.product, places);
  const say = (line: string) => {
    process.stderr.write(`${line}\n`);
  };
  await ensureSample(places, programs.sample, preferredPort);
  const startLoad = () =>
    ensureLoad({ program: programs.load, folder: places.folder, url: urlOf(places), boundToMe: false });
  // A deployment of what was stopped is judged by its users; the first one has nobody to be compared with.
  if (wasDeployed(places)) startLoad();
  await ensureServing(product, places, say);
  startLoad();
  // Ctrl-C belongs to the UI while it has the terminal.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => product.interrupt());
  const exitCode = await product.screen();
  say(
    'Try: ship “Show how soon a product can be sent” with others; it is taken back, the next recommendation has it last and says why, and w ships the rest.',
  );
  say(
    `The shop goes on at ${urlOf(places)}, its users too. Again: npm run demo; end it: npm run demo -- --stop`,
  );
  return exitCode;
}
