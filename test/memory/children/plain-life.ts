import { openSync, writeSync } from 'node:fs';
import { liveLong, steppingClock } from '../../harness/memory-life.ts';

// Lives briefly in a memory, as the product does, without failpoints, and writes down what was acknowledged.
const [dir = '', report = ''] = process.argv.slice(2);
const out = openSync(report, 'a');
const said = (line: unknown) => writeSync(out, `${JSON.stringify(line)}\n`);
await liveLong(dir, 1, steppingClock('2026-11-21T10:15:00.000Z'), said, 'brief');
said({ kind: 'over' });
