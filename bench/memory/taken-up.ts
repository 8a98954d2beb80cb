import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, figure } from '../figure.ts';
import { median } from '../measure.ts';
import { makeShop } from './shop.ts';

const runs = 5;
const longestMs = 20_000;

/** How long after the next command began a deployment whose conductor was killed has another one, in its journal. */
export async function takenUp(dir: string): Promise<Figure> {
  const took: number[] = [];
  const node: number[] = [];
  for (let n = 0; n < runs; n += 1) {
    const began = performance.now();
    execFileSync(process.execPath, ['-e', '0']);
    node.push(performance.now() - began);
    took.push(await killedAndTaken(path.join(dir, `taken-${n}`)));
  }
  return figure(
    'memory',
    'a deployment whose conductor was killed has a new one, from the start of the next command, ms',
    median(took),
    `two programs start one after the other; node -e 0: ${median(node).toFixed(0)} ms; median of ${runs}`,
    { atMost: 500 },
  );
}

async function killedAndTaken(dir: string): Promise<number> {
  const shop = path.join(dir, 'shop');
  const state = path.join(dir, 'state');
  makeShop(shop);
  const memory = path.join(shop, 'deployment_memory');
  const own = createHash('sha256').update(path.join(shop, '.git')).digest('hex').slice(0, 16);
  const writer = spawn(
    process.execPath,
    [path.resolve('.build/events-writer.js'), memory, path.join(state, own)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  await once(writer.stdout, 'data');
  const [id = ''] = readdirSync(path.join(memory, 'current')).filter((name) => /^\d{8}_\d{6}$/u.test(name));
  const journal = () => {
    for (const place of ['current', 'history'])
      try {
        return readFileSync(path.join(memory, place, id, 'journal.ndjson'), 'utf8');
      } catch {
        // It ended meanwhile, and was put away.
      }
    return '';
  };
  const begins = () => journal().split('"type":"conductor.started"').length;
  const before = begins();
  writer.kill('SIGKILL');
  await once(writer, 'exit');
  const began = performance.now();
  const next = spawn(process.execPath, [path.resolve('dist/bin.js'), '-C', shop, 'status'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      ORCHESTRA_STATE_DIR: state,
      ORCHESTRA_VERIFICATION: 'off',
      ORCHESTRA_WARM_START: 'off',
    },
  });
  while (begins() <= before) {
    if (performance.now() - began > longestMs) throw new Error(`nobody took ${id} up`);
    await sleep(2);
  }
  const took = performance.now() - began;
  if (next.exitCode === null) await once(next, 'exit');
  for (const [, pid] of journal().matchAll(/"conductor\.started","pid":(\d+)/gu)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // Ended by itself.
    }
  }
  return took;
}
