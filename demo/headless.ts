import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureLoad } from './load/load-process.ts';
import { placesIn, programsIn } from './places.ts';
import { awaitLoad, ensureSample, ensureServing, stopDemo, urlOf } from './prepare.ts';
import { openProduct } from './product.ts';
import { tellStory } from './story.ts';

/**
 * The whole story without a screen, on a copy in the system's temporary folder that is kept for looking at; its
 * processes are ended. Gives the exit code: 0 only for a success, a roll-back, and the
 * success of what was left of it. Progress goes to stderr.
 */
export async function runHeadless(root: string, json: boolean): Promise<number> {
  const programs = programsIn(root);
  const places = placesIn(mkdtempSync(path.join(tmpdir(), 'orchestra-demo-')));
  const product = openProduct(programs.product, places);
  const startedAt = Date.now();
  const say = (line: string) => {
    process.stderr.write(`${((Date.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${line}\n`);
  };

  let interrupted: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    interrupted = signal;
    product.interrupt();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);

  try {
    say(`Making the sample in ${places.shop} …`);
    await ensureSample(places, programs.sample);
    await ensureServing(product, places, say);
    ensureLoad({ program: programs.load, folder: places.folder, url: urlOf(places), boundToMe: true });
    await awaitLoad(places);
    say('200 requests/s reach the shop.');
    const told = await tellStory(product, places, say);
    const summary = ['', ...told.summary, `The repository is kept: ${places.shop}`, ''].join('\n');
    if (json) {
      process.stderr.write(summary);
      process.stdout.write(`${JSON.stringify({ repository: places.shop, deployments: told.deployments })}\n`);
    } else process.stdout.write(summary);
    return told.ok ? 0 : 1;
  } catch (error) {
    if (interrupted) return interrupted === 'SIGINT' ? 130 : 143;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The demo stopped: ${message}\nThe repository is kept: ${places.shop}\n`);
    if (json) process.stdout.write(`${JSON.stringify({ repository: places.shop, deployments: [] })}\n`);
    return 1;
  } finally {
    await stopDemo(places);
  }
}
