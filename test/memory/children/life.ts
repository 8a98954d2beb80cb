import { openSync, writeSync } from 'node:fs';
import { failWith, systemError } from '../../../providers/runtime/failpoints.ts';
import { liveLong, steppingClock } from '../../harness/memory-life.ts';

// Lives in a memory and writes down, line by line, what was acknowledged. With `at`, it is killed at that operation: one that
// changes the disk, for a kill before a look at it leaves the same as one before the next change.
const [dir = '', report = '', at = '0', start = '2026-11-21T10:15:00.000Z', lives = '2'] =
  process.argv.slice(2);
const out = openSync(report, 'a');
let changes = 0;
failWith((point) => {
  if (/^(?:read|list|open|event):/.test(point)) return;
  changes += 1;
  if (changes === Number(at)) process.kill(process.pid, 'SIGKILL');
  if (changes > 100_000) throw systemError('EIO', point);
});
await liveLong(dir, Number(lives), steppingClock(start), (said) => {
  writeSync(out, `${JSON.stringify(said)}\n`);
});
writeSync(out, `${JSON.stringify({ kind: 'over', changes })}\n`);
