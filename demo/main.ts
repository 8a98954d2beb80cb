import path from 'node:path';
import { parseArgs } from 'node:util';
import { lastingPlaces, resetDemo, runAttached } from './attached.ts';
import { runHeadless } from './headless.ts';
import { stopDemo } from './prepare.ts';

const usage = `usage: npm run demo [-- --headless [--json] | --reset | --stop]
`;

function parse(args: string[]) {
  return parseArgs({
    args,
    options: {
      headless: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      reset: { type: 'boolean', default: false },
      stop: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values;
}

async function main(): Promise<number> {
  let options;
  try {
    options = parse(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  // The bundle lies in `.build/`, one below the repository's root.
  const root = path.resolve(import.meta.dirname, '..');
  const places = lastingPlaces(root);
  if (options.stop) {
    await stopDemo(places);
    return 0;
  }
  if (options.headless) return runHeadless(root, options.json);
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    process.stderr.write('The demo needs a terminal; without one: npm run demo -- --headless\n');
    return 2;
  }
  if (options.reset) await resetDemo(places);
  return runAttached(root, places);
}

try {
  process.exitCode = await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`The demo stopped: ${message}\nStart over with: npm run demo -- --reset\n`);
  process.exitCode = 1;
}
