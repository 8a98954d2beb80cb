import { readFileSync } from 'node:fs';
import { failWith } from '../../../providers/runtime/failpoints.ts';
import { withFileLock } from '../../../providers/runtime/file-lock.ts';

// Holds a lock until it is killed; or adds 1 to a counter under the lock, `times` over, going to sleep now and then.
const [lock = '', mode = '', file = '', name = '', times = '0', every = '0'] = process.argv.slice(2);
const leaseMs = 150;

if (mode === 'hold') {
  await withFileLock(
    lock,
    () => {
      process.stdout.write('held\n');
      return new Promise<void>((resolve) => setTimeout(resolve, 600_000));
    },
    { leaseMs },
  );
} else {
  // Sleeps at another operation each time: before the text is written, in the middle of it, before it takes its place.
  const points = ['create:new', 'tear:new', 'rename:counter.json'];
  let sleeps = 0;
  let begun = 0;
  let attempts = 0;
  failWith((point) => {
    const due = Math.floor(begun / Number(every));
    if (due <= sleeps || point !== points[due % points.length]) return;
    sleeps += 1;
    process.stdout.write(`asleep ${sleeps}\n`);
    process.kill(process.pid, 'SIGSTOP');
  });
  for (let i = 0; i < Number(times); i += 1) {
    begun += 1;
    await withFileLock(
      lock,
      async (held) => {
        attempts += 1;
        const before = JSON.parse(readFileSync(file, 'utf8'));
        const after = { ...before, n: before.n + 1, [name]: (before[name] ?? 0) + 1 };
        await held.write(file, JSON.stringify(after), { durable: false });
      },
      { leaseMs, waitMs: 60_000 },
    );
  }
  process.stdout.write(`done ${sleeps} ${attempts - Number(times)}\n`);
}
