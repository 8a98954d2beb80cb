import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freeServerPort } from '../providers/runtime/free-port.ts';
import { explain } from './answers.ts';
import { readLoad } from './load/load-process.ts';
import { narrate } from './narrate.ts';
import type { Places } from './places.ts';
import { endProcesses } from './processes.ts';
import type { Product } from './product.ts';
import { generateSample } from './sample/generate.ts';
import { startedProcesses } from './started-processes.ts';

/** Makes the sample unless its folder holds it already. `preferred` is the port its users reach, if it is free. */
export async function ensureSample(places: Places, source: string, preferred?: number): Promise<void> {
  if (existsSync(path.join(places.shop, '.git', 'refs', 'heads', 'dev'))) return;
  rmSync(places.shop, { recursive: true, force: true });
  mkdirSync(places.folder, { recursive: true });
  generateSample({ folder: places.shop, port: await freeServerPort(preferred), source });
}

/** Where the sample's users reach the shop, as its own settings say. */
export function urlOf(places: Places): string {
  const settings = readFileSync(path.join(places.shop, 'orchestra.yaml'), 'utf8');
  const port = /^ {4}port: (\d+)$/m.exec(settings)?.[1];
  if (!port) throw new Error(`${places.shop}/orchestra.yaml names no port`);
  return `http://127.0.0.1:${port}`;
}

/** Which version answers the shop's users; undefined when none does. */
export async function servingVersion(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/version`, { signal: AbortSignal.timeout(2000) });
    const text = await response.text();
    return response.ok ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the product has deployed the shop before. */
export function wasDeployed(places: Places): boolean {
  return existsSync(path.join(places.shop, '.git', 'refs', 'orchestra', 'deployed', 'production'));
}

/**
 * Has the product deploy an existing revision when nothing serves: version 1 at first, afterwards what was deployed
 * last, all users at once. Throws with the product's words where nothing serves then.
 */
export async function ensureServing(
  product: Product,
  places: Places,
  say: (line: string) => void,
): Promise<void> {
  const url = urlOf(places);
  if (await servingVersion(url)) return;
  const deployed = wasDeployed(places);
  const what = deployed ? ['refs/orchestra/deployed/production', '--strategy', 'blue-green'] : ['main'];
  say(`Deploying ${deployed ? 'the version that was deployed last' : 'version 1'} with orchestrate …`);
  const ran = await product.run(
    ['deploy', 'production', '--version', ...what, '--yes', '--no-input'],
    (event) => {
      const text = narrate(event);
      if (text) say(`  ${text}`);
    },
  );
  // A deployment that was cut off by the last stop holds the lock: the product has just taken it up again.
  const locked = ran.exitCode === 5;
  if (locked) say('An unfinished deployment is taken up again; waiting for the shop …');
  for (let i = 0; i < (locked ? 240 : 1); i += 1) {
    if (await servingVersion(url)) return;
    await sleep(250);
  }
  const reason = ran.exitCode === 0 ? `nothing answers at ${url}` : explain(ran);
  throw new Error(`the shop could not be deployed: ${reason}`);
}

/** Waits until the load generator has had answers; throws when it has none after ten seconds. */
export async function awaitLoad(places: Places): Promise<void> {
  for (let i = 0; i < 100; i += 1) {
    const stats = readLoad(places.folder);
    if (stats && stats.lastSecond.sent > stats.lastSecond.failed) return;
    await sleep(100);
  }
  const last = readLoad(places.folder)?.lastFailure ?? 'it never wrote its numbers';
  throw new Error(`the load generator got no answers: ${last}; see ${places.folder}/load.log`);
}

/** Ends every process of a demo folder: conductor, proxy and versions by the product's records, and the load generator. */
export async function stopDemo(places: Places): Promise<void> {
  const load = readLoad(places.folder);
  const records = startedProcesses(places);
  const conductors = records.filter((record) => record.pid !== load?.pid);
  await endProcesses(load ? [load, ...conductors] : conductors);
}
