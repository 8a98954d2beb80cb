import type { Figure } from './figure.ts';
import { readOptions, type BenchOptions } from './options.ts';

interface Bench {
  bench: (options: BenchOptions) => Promise<Figure[]>;
}

/** Each benchmark by the name it is asked for; loaded only when it runs. */
const registry: Readonly<Record<string, () => Promise<Bench>>> = Object.freeze({
  startup: () => import('./startup.ts'),
  proxy: () => import('./proxy.ts'),
  traffic: () => import('./traffic.ts'),
  discovery: () => import('./discovery.ts'),
  closure: () => import('./closure.ts'),
  judge: () => import('./judge.ts'),
  events: () => import('./events.ts'),
  memory: () => import('./memory.ts'),
  reports: () => import('./reports.ts'),
  keypress: () => import('./keypress.ts'),
  learning: () => import('./learning.ts'),
});

const { names: named, json, options, wrong } = readOptions(process.argv.slice(2));
if (wrong !== undefined) {
  process.stderr.write(`${wrong}\n`);
  process.exit(2);
}
const unknown = named.filter((name) => !Object.hasOwn(registry, name));
if (unknown.length > 0) {
  process.stderr.write(
    `No benchmark "${unknown.join('", "')}"; there are: ${Object.keys(registry).join(', ')}.\n`,
  );
  process.exit(2);
}

for (const name of named.length > 0 ? named : Object.keys(registry)) {
  const loaded = await registry[name]?.();
  for (const one of (await loaded?.bench(options)) ?? []) {
    process.stdout.write(`${json ? JSON.stringify(one) : readable(one)}\n`);
  }
}
process.exit(0);

function readable(one: Figure): string {
  const goal = one.goal === 'none' ? '' : `  goal ${one.goal} ${one.ok ? '✔' : '✘ missed'}`;
  return `${one.name.padEnd(10)} ${one.figure}: ${one.value}  (${one.against})${goal}`;
}
