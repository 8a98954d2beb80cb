import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../../providers/runtime/clock.ts';
import { withRankedLock } from '../../../providers/runtime/ranked-lock.ts';
import { prepareLog, tailOf } from '../../../providers/runtime/log-file.ts';
import { identify } from '../../../providers/runtime/processes.ts';
import { readState, writeState } from '../../../providers/runtime/state-file.ts';
import { fakeClock } from '../../harness/fake-clock.ts';
import { temporaryFolder } from '../../harness/folder.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a state file', () => {
  const schema = z.object({ n: z.number() });

  it('is whole after many writers at once, and leaves no temporary file', async () => {
    const path = join(folder, 'deep', 'state.json');
    await Promise.all(Array.from({ length: 20 }, (_, n) => writeState(path, { n })));
    expect(await readState(path, schema)).toEqual({ n: expect.any(Number) });
    expect(readdirSync(join(folder, 'deep'))).toEqual(['state.json']);
  });

  it('that is missing is undefined; one that does not parse is an error with its path', async () => {
    const path = join(folder, 'state.json');
    expect(await readState(path, schema)).toBeUndefined();
    for (const text of ['{"n":', '{"n":"one"}', '']) {
      writeFileSync(path, text);
      await expect(readState(path, schema)).rejects.toMatchObject({
        code: 'state-unreadable',
        exit: 74,
        message: expect.stringContaining(path),
      });
    }
  });
});

describe('a lock', () => {
  const locked = (work: () => Promise<void>, rank = 0) =>
    withRankedLock({ dir: join(folder, 'lock'), clock: systemClock, rank }, work);

  it('lets one in at a time', async () => {
    let inside = 0;
    let most = 0;
    let done = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await systemClock.sleep(1);
      inside--;
      done++;
    };
    await Promise.all(Array.from({ length: 12 }, () => locked(work)));
    expect({ most, done }).toEqual({ most: 1, done: 12 });
    expect(readdirSync(join(folder, 'lock'))).toHaveLength(1);
  });

  it('is free again after work that failed', async () => {
    await expect(locked(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await locked(() => Promise.resolve());
  });

  it('of a process that died is taken, of one that lives is waited for', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const holder = { ...identify(child.pid ?? 0), rank: 0, released: false };
    mkdirSync(join(folder, 'lock'));
    writeFileSync(join(folder, 'lock', '0000000007'), JSON.stringify(holder));
    let got = false;
    const waiting = locked(async () => {
      got = true;
    });
    await systemClock.sleep(60);
    expect(got).toBe(false);
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    writeFileSync(join(folder, 'lock', 'ticket-of-a-dead-one'), JSON.stringify(holder));
    await waiting;
    expect(readdirSync(join(folder, 'lock'))).toEqual(['0000000008']);
    expect(got).toBe(true);
  });

  it('goes to a higher rank even while a lower one holds it', async () => {
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const low = locked(() => held, 1);
    let got = false;
    await locked(async () => {
      got = true;
    }, 2);
    expect(got).toBe(true);
    release?.();
    await low;
    await locked(() => Promise.resolve(), 1);
  });

  it('is not waited for by whom was aborted', async () => {
    await locked(async () => {
      const abort = new AbortController();
      const dir = join(folder, 'lock');
      await expect(
        withRankedLock(
          { dir, clock: systemClock, signal: abort.signal, onWait: () => abort.abort(new Error('enough')) },
          () => Promise.resolve(),
        ),
      ).rejects.toThrow('enough');
    });
  });
});

describe('a log', () => {
  it('is put aside when it has grown large, three times at most', async () => {
    const log = join(folder, 'app.log');
    for (const text of ['first', 'second', 'third', 'fourth', 'fifth']) {
      expect(await prepareLog(log, 3)).toBe(0);
      writeFileSync(log, text);
    }
    expect(readdirSync(folder).sort()).toEqual(['app.log', 'app.log.1', 'app.log.2', 'app.log.3']);
    expect(readFileSync(`${log}.3`, 'utf8')).toBe('second');
    expect(await prepareLog(log, 5)).toBe(5);
  });

  it('shows only the lines of this start', async () => {
    const log = join(folder, 'app.log');
    writeFileSync(log, 'old\nnew 1\nnew 2\n');
    expect(await tailOf(log, 20, 4)).toEqual(['new 1', 'new 2']);
    expect(await tailOf(log, 1)).toEqual(['new 2']);
    expect(await tailOf(join(folder, 'none.log'), 5)).toEqual([]);
  });
});

describe('the test clock', () => {
  it('wakes sleepers in order, and rejects the aborted one with its reason', async () => {
    const clock = fakeClock();
    const woken: string[] = [];
    const abort = new AbortController();
    const sleeps = [
      clock.sleep(200).then(() => woken.push('late')),
      clock.sleep(100).then(() => woken.push(`early at ${clock.now().getTime()}`)),
    ];
    const aborted = expect(clock.sleep(150, abort.signal)).rejects.toThrow('enough');
    abort.abort(new Error('enough'));
    await clock.advance(199);
    expect(woken).toEqual([`early at ${clock.now().getTime() - 99}`]);
    await clock.advance(1);
    await Promise.all([...sleeps, aborted]);
    expect(woken).toHaveLength(2);
    expect(clock.sleepers).toBe(0);
  });
});

describe('the system clock', () => {
  it('rejects an aborted sleep with the signal’s own reason', async () => {
    const abort = new AbortController();
    const sleeping = systemClock.sleep(60_000, abort.signal);
    abort.abort(new Error('my reason'));
    await expect(sleeping).rejects.toThrow('my reason');
    await expect(systemClock.sleep(1, abort.signal)).rejects.toThrow('my reason');
  });
});
