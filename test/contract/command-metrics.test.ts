import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../harness/folder.ts';
import { measure } from '../harness/measure.ts';
import { metricsContract, type Said, type SourceUnderTest } from './metrics.ts';

/** Reads a version's number out of a file; its argument, or what it is told in its environment, says whose. */
const program = `#!${process.execPath}
const { readFileSync } = require('node:fs');
const said = JSON.parse(readFileSync(__dirname + '/said.json', 'utf8'));
const [whose = process.env.ORCHESTRA_VERSION] = process.argv.slice(2);
console.error('looking for 666');
if (said.hangs) setInterval(() => {}, 1000);
else if (said[whose] !== undefined) console.log('orders so far:\\n' + said[whose] + '\\n');
`;

async function open(): Promise<SourceUnderTest> {
  const folder = temporaryFolder('orchestra-metrics-');
  const file = path.join(folder, 'orders');
  const said: Record<string, Said | boolean> = {};
  const keep = () => writeFileSync(path.join(folder, 'said.json'), JSON.stringify(said));
  writeFileSync(file, program);
  chmodSync(file, 0o755);
  keep();
  const plan = (...run: [string, ...string[]]) =>
    measure({ source: { kind: 'command', run, env: ['SOURCE_TOKEN'] } });
  const script = (text: string) => plan(process.execPath, '-e', text);
  return {
    bySha: plan(file),
    byName: plan(file, '{{version}}'),
    say(version, text) {
      said[version.sha] = text;
      said[version.name] = text;
      keep();
    },
    aged: async (ageMs) => script(`console.log(JSON.stringify({ value: 4, at: Date.now() - ${ageMs} }))`),
    flooding: async () => script(`for (;;) require('fs').writeSync(1, 'x'.repeat(100_000))`),
    babbling: async () => script(`console.log('all is well')`),
    telling: async () => script(`console.error('not you: ' + process.env.SOURCE_TOKEN); process.exit(3)`),
    hang() {
      said['hangs'] = true;
      keep();
    },
    end: async () => rmSync(file),
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

metricsContract('a command', open);
