import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { memoryOf } from '../../../providers/runtime/process-memory.ts';
import { endGroup, identifyChild } from '../../../providers/runtime/processes.ts';

describe('G3 what a process group holds', () => {
  it('is the memory of its leader and its children, and unknown once it is gone', async () => {
    const child =
      "const kept = Buffer.alloc(60e6, 1); process.stdout.write('ready'); setInterval(() => kept, 1e6)";
    const leader = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' })`;
    const started = spawn(process.execPath, ['-e', leader], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const identity = identifyChild(started.pid ?? 0);
    try {
      await once(started.stdout, 'data');
      expect(memoryOf(identity)).toBeGreaterThan(90e6);
      expect(memoryOf({ ...identity, startTime: 'another' })).toBeUndefined();
    } finally {
      await endGroup(identity, 1000);
    }
    expect(memoryOf(identity)).toBeUndefined();
  });
});
