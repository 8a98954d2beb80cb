import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { failWith } from '../../providers/runtime/failpoints.ts';
import { count } from '../harness/counts.ts';
import { JournalBuilder } from '../harness/journal.ts';
import { root } from '../harness/journey.ts';
import { liveLong, steppingClock } from '../harness/memory-life.ts';
import { simulatedMemory } from '../harness/simulated-memory.ts';

describe('failpoints', () => {
  it('stand at every operation of the disk and at every state transition, and have names that stay', async () => {
    const run = async () => {
      const { dir, disk } = await simulatedMemory();
      const points: string[] = [];
      // The folder of each run has another name.
      failWith((point) => void points.push(point.replace(/:r\d+$/, ':root')), disk);
      await liveLong(dir, 2, steppingClock('2026-11-21T10:15:00.000Z'), () => {});
      failWith(undefined);
      return { points, operations: disk.operations.length };
    };
    const { points, operations } = await run();
    expect((await run()).points).toEqual(points);
    const onDisk = points.filter((point) => !point.startsWith('event:'));
    expect(onDisk.length).toBeGreaterThan(operations);
    const { events } = new JournalBuilder().requested().staged().tested().rollingOut().finished();
    for (const { type } of events)
      for (const moment of ['before', 'written', 'synced'])
        expect(points).toContain(`event:${type} ${moment}`);
    count('failpoints', {
      'names reached': new Set(points).size,
      'of state transitions': new Set(points.filter((point) => point.startsWith('event:'))).size,
      'come by in two deployments': points.length,
    });
    if (process.env['ORCHESTRA_POINTS'] !== undefined)
      process.stdout.write(`${[...new Set(points)].toSorted().join('\n')}\n`);
  });

  it('are not in the product', () => {
    const dist = path.join(root, 'dist');
    const scripts = readdirSync(dist, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(3);
    for (const name of scripts) {
      const text = readFileSync(path.join(dist, name), 'utf8');
      expect([name, /ORCHESTRA_FAIL|make-folders|sync-folder|made at /.exec(text)?.[0]]).toEqual([
        name,
        undefined,
      ]);
    }
    // The same words are in the code that tests run.
    expect(readFileSync(path.join(root, 'providers/runtime/failpoints.ts'), 'utf8')).toMatch(
      /ORCHESTRA_FAIL[^]*made at [^]*make-folders/,
    );
  });
});
