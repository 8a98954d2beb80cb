import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freeServerPort } from '../providers/runtime/free-port.ts';
import { endOf, explain } from './answers.ts';
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

/** Has the product deploy an existing revision when nothing serves; throws with the product's words when that fails. */
export async function ensureServing(
  product: Product,
  places: Places,
  say: (line: string) => void,
): Promise<void> {
  const url = urlOf(places);
  if (await servingVersion(url)) return;
  const deployed = existsSync(path.join(places.shop, '.git', 'refs', 'orchestra', 'deployed', 'production'));
  const revision = deployed ? 'refs/orchestra/deployed/production' : 'main';
  say(`Deploying ${deployed ? 'the version that was deployed last' : 'version 1'} with orchestrate …`);
  const ran = await product.run(
    ['deploy', 'production', '--version', revision, '--yes', '--no-input'],
    (event) => {
      const text = narrate(event);
      if (text) say(`  ${text}`);
    },
  );
  if (ran.exitCode !== 0) throw new Error(`the shop could not be deployed: ${explain(ran)}`);
  const end = endOf(ran);
  if (end.outcome !== 'succeeded') throw new Error(`the shop could not be deployed: ${end.reason}`);
  if (!(await servingVersion(url))) throw new Error(`the shop was deployed, but nothing answers at ${url}`);
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
