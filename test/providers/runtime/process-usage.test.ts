import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { usageOf } from '../../../providers/runtime/process-usage.ts';
import { identify } from '../../../providers/runtime/processes.ts';
import { eventually } from '../../harness/http.ts';

const program = `const fs = require('node:fs');
for (let i = 0; i < 40; i += 1) fs.openSync('/dev/null');
process.stdout.write('ready');
setInterval(() => { const until = Date.now() + 20; while (Date.now() < until); }, 25);`;

describe.skipIf(process.platform !== 'linux')('what a process group uses', () => {
  it('grows with its processor time, and knows its open files and how many it may have', async () => {
    const child = spawn(process.execPath, ['-e', program], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      await new Promise((resolve) => child.stdout.once('data', resolve));
      const leader = identify(child.pid ?? 0);
      if (!leader) throw new Error('it is gone');
      const first = usageOf(leader);
      expect(first?.openFiles?.open).toBeGreaterThanOrEqual(40);
      expect(first?.openFiles?.limit).toBeGreaterThan(40);
      await eventually(
        async () => (usageOf(leader)?.cpuMs ?? 0) > (first?.cpuMs ?? 0),
        'its processor time has grown',
      );
    } finally {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    }
  });

  it('is unknown of a process that is gone', () => {
    expect(usageOf({ pid: 2 ** 22 - 1, startTime: '1' })).toBeUndefined();
  });
});
