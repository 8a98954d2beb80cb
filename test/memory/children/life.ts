import { openSync, writeSync } from 'node:fs';
import { systemDisk, type Disk } from '../../../providers/runtime/disk.ts';
import { failWith, systemError } from '../../../providers/runtime/failpoints.ts';
import { liveOnce, steppingClock, type Said } from '../../harness/memory-life.ts';

// Lives in a memory and writes down, line by line, what was acknowledged. With `at`, it is killed at that operation: one that
// changes the disk, for a kill before a look at it leaves the same as one before the next change.
const [dir = '', report = '', at = '0', start = '2026-11-21T10:15:00.000Z'] = process.argv.slice(2);
const out = openSync(report, 'a');
let changes = 0;
/** A kill takes nothing from what the system was given: syncs only cost time here, and are failpoints all the same. */
const unsynced: Disk = {
  ...systemDisk,
  open: async (...how) => ({
    ...(await systemDisk.open(...how)),
    sync: () => Promise.resolve(),
    datasync: () => Promise.resolve(),
  }),
  syncFolder: () => Promise.resolve(),
};
failWith((point) => {
  if (/^(?:read|list|open|event):/.test(point)) return;
  changes += 1;
  if (changes === Number(at)) process.kill(process.pid, 'SIGKILL');
  if (changes > 100_000) throw systemError('EIO', point);
}, unsynced);
const clock = steppingClock(start);
const say = (said: Said) => {
  writeSync(out, `${JSON.stringify(said)}\n`);
};
await liveOnce(dir, 0, clock, say);
await liveOnce(dir, 1, clock, say, 'brief');
writeSync(out, `${JSON.stringify({ kind: 'over', changes })}\n`);
