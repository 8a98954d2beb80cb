import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { placesIn } from '../../demo/places.ts';
import { stopDemo } from '../../demo/prepare.ts';
import { endProcesses } from '../../demo/processes.ts';
import { identifyChild, isAlive } from '../../providers/runtime/processes.ts';
import type { ProcessIdentity } from '../../src/ports/processes.ts';
import { temporaryFolder } from './repository.ts';

describe('stopping the demo', () => {
  const { folder, remove } = temporaryFolder();
  const started: ProcessIdentity[] = [];
  afterAll(async () => {
    await endProcesses(started);
    remove();
  });

  function sleeper(): ProcessIdentity {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      detached: true,
      stdio: 'ignore',
    });
    const record = identifyChild(child.pid ?? 0);
    started.push(record);
    return record;
  }

  it('ends what the records name by pid and start time, and nothing else', async () => {
    const places = placesIn(folder);
    const environment = path.join(places.state, 'abc', 'env', 'production');
    const journal = path.join(places.memory, 'current', '20260101_000000');
    const instances = path.join(environment, 'instances');
    const lock = path.join(places.memory, 'current', 'production', 'lock');
    for (const at of [instances, journal, lock]) mkdirSync(at, { recursive: true });
    const write = (at: string, value: unknown) => writeFileSync(at, JSON.stringify(value));

    const [proxy, version, conductor, holder, load] = [sleeper(), sleeper(), sleeper(), sleeper(), sleeper()];
    const [bystander, face] = [sleeper(), sleeper()];
    write(path.join(environment, 'proxy.json'), { ...proxy, port: 1, token: 'x' });
    write(path.join(instances, 'a.json'), version);
    write(path.join(lock, '3.json'), { face, conductor: holder, fence: 3 });
    writeFileSync(
      path.join(journal, 'journal.ndjson'),
      `${JSON.stringify({ seq: 1, type: 'conductor.started', ...conductor })}\n{"seq":2,"ty`,
    );
    write(path.join(folder, 'load.json'), {
      ...load,
      sent: 1,
      failed: 0,
      lastSecond: { sent: 1, failed: 0, p95Ms: 1 },
      lastFailure: null,
    });
    // The pid is right, the start time is another process's: a pid that was given out again.
    write(path.join(instances, 'b.json'), { pid: bystander.pid, startTime: '1' });

    await stopDemo(places);
    expect([proxy, version, conductor, holder, load].map(isAlive)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
    expect([bystander, face].map(isAlive)).toEqual([true, true]);
  });

  it('has nothing to do where there is no demo', async () => {
    await stopDemo(placesIn(path.join(folder, 'nowhere')));
  });
});
