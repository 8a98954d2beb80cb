import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hostMark, sweepFolder } from '../../providers/runtime/atomic-file.ts';
import { LockLost, withFileLock } from '../../providers/runtime/file-lock.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { bundler } from '../harness/bundle.ts';
import { stoppedClock } from '../harness/clock.ts';
import { temporaryFolders } from '../harness/folder.ts';

const folder = temporaryFolders();
const bundle = bundler();
/** Failpoints write in halves, which only locks keep apart: lines are appended without one, each in one write. */
const asInTheProduct = bundler({ failpoints: false });
let writer = '';
let locker = '';
let archiver = '';
beforeAll(async () => {
  archiver = await asInTheProduct(fileURLToPath(new URL('children/archiver.ts', import.meta.url)));
  locker = await bundle(fileURLToPath(new URL('children/locker.ts', import.meta.url)));
  writer = await bundle(fileURLToPath(new URL('children/writer.ts', import.meta.url)));
});

const start = (...args: string[]) =>
  spawn(process.execPath, [writer, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
const strangers = (dir: string) =>
  readdirSync(dir, { recursive: true })
    .map(String)
    .filter((name) => /\.tmp$|\.lock|corrupt/.test(name));

describe('many processes and one memory', () => {
  it('M9 eight writers never lose an update and leave nothing behind', async () => {
    const dir = folder();
    const writers = Array.from({ length: 8 }, (_, i) => start(dir, `w${i}`, '12'));
    const codes = await Promise.all(writers.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).toEqual(Array.from({ length: 8 }, () => 0));
    const patterns = await openMemory({ dir, clock: stoppedClock() }).patterns();
    expect(patterns.deployments.succeeded).toBe(96);
    expect(Object.values(patterns.byType).map((tally) => tally.succeeded)).toEqual(
      Array.from({ length: 8 }, () => 12),
    );
    expect(strangers(dir)).toEqual([]);
  });

  it('M9 eight that put deployments away at once lose none, and each is counted once', async () => {
    const dir = folder();
    const ends = Array.from({ length: 8 }, async (_, i) => {
      const child = spawn(process.execPath, [archiver, dir, String(i), '12'], { stdio: 'inherit' });
      return (await once(child, 'exit'))[0];
    });
    expect(await Promise.all(ends)).toEqual(Array.from({ length: 8 }, () => 0));
    const memory = openMemory({ dir, clock: stoppedClock() });
    const ids = (await memory.history()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(96);
    expect(ids).toEqual(ids.toSorted().toReversed());
    expect((await memory.preferences()).statistics).toMatchObject({ deployments: 96, succeeded: 96 });
    expect(memory.takeWarnings()).toEqual([]);
    expect(strangers(dir)).toEqual([]);
  });

  it('M9 N4 a writer killed at any moment leaves a whole file, a lock that others take, and no rubbish', async () => {
    const dir = folder();
    const memory = openMemory({ dir, clock: stoppedClock() });
    let last = 0;
    for (let round = 0; round < 12; round += 1) {
      const child = start(dir, `k${round}`, '0');
      await once(child.stdout, 'data');
      await wait(Math.random() * 25);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const after = await memory.updatePatterns((patterns) => ({
        ...patterns,
        deployments: { ...patterns.deployments, succeeded: patterns.deployments.succeeded + 1 },
      }));
      expect(after.deployments.succeeded).toBeGreaterThan(last);
      last = after.deployments.succeeded;
    }
    expect(memory.takeWarnings()).toEqual([]);
    await (async () => {
      const child = start(dir, 'last', '1');
      await once(child, 'exit');
    })();
    expect(strangers(dir)).toEqual([]);
  });
});

describe('the lock', () => {
  const dead = (token: string) => `${hostMark}-999999999-${'0'.repeat(12)}-${token.padStart(12, '0')}`;
  const quick = () => withFileLock(lock, () => Promise.resolve('done'), { waitMs: 0 });
  let lock = '';
  beforeEach(() => {
    lock = path.join(folder(), '.x.lock');
  });
  const around = () => readdirSync(path.dirname(lock));

  it('M9 is taken at once from a process that ended', async () => {
    mkdirSync(path.join(lock, dead('a')), { recursive: true });
    expect(await quick()).toBe('done');
    expect(around()).toEqual([]);
  });

  it('M9 is taken at once from a pid that another process has now', async () => {
    mkdirSync(path.join(lock, `${hostMark}-${process.pid}-${'0'.repeat(12)}-${'0'.repeat(12)}`), {
      recursive: true,
    });
    expect(await quick()).toBe('done');
    expect(around()).toEqual([]);
  });

  it('M9 is free where a power cut or a kill left it empty', async () => {
    mkdirSync(lock);
    expect(await quick()).toBe('done');
    expect(around()).toEqual([]);
  });

  it('is taken where a lock of an earlier version, a file, was left', async () => {
    writeFileSync(lock, '{}');
    expect(await withFileLock(lock, () => Promise.resolve('done'))).toBe('done');
    expect(around()).toEqual([]);
  });

  it('does not wait behind who died while waiting, or died breaking it', async () => {
    mkdirSync(path.join(`${lock}.${dead('a')}`, dead('a')), { recursive: true });
    mkdirSync(`${lock}.${dead('b')}.gone`, { recursive: true });
    mkdirSync(path.join(lock, dead('c')), { recursive: true });
    expect(await quick()).toBe('done');
    await sweepFolder(path.dirname(lock));
    expect(around()).toEqual([]);
  });

  it('is not taken from a live holder that is heard of: the error names it after a bounded wait', async () => {
    const child = spawn(process.execPath, [locker, lock, 'hold'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    try {
      await expect(
        withFileLock(lock, () => Promise.resolve(), { waitMs: 400, leaseMs: 150 }),
      ).rejects.toMatchObject({
        code: 'memory-locked',
        exit: 5,
        message: expect.stringContaining(`process ${child.pid}`),
      });
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    expect(await quick()).toBe('done');
    expect(around()).toEqual([]);
  });

  it('M9 is taken from a holder on another machine once its lease is over, not before', async () => {
    mkdirSync(path.join(lock, `ffffffff-1-${'0'.repeat(12)}-${'0'.repeat(12)}`), { recursive: true });
    await expect(quick()).rejects.toMatchObject({ code: 'memory-locked' });
    expect(await withFileLock(lock, () => Promise.resolve('done'), { leaseMs: 50 })).toBe('done');
    expect(around()).toEqual([]);
  });

  it('M9 refuses the write of a holder that slept past its lease, which then begins again', async () => {
    const file = path.join(path.dirname(lock), 'x.json');
    const tokens: string[] = [];
    await withFileLock(lock, async (held) => {
      tokens.push(held.token);
      if (tokens.length === 1) {
        // Another process takes the lock away and writes, while this one sleeps.
        renameSync(path.join(lock, held.token), `${lock}.${held.token}.gone`);
        writeFileSync(file, 'theirs');
        await expect(held.check()).rejects.toThrow(LockLost);
        await expect(held.write(file, 'stale')).rejects.toThrow(LockLost);
        expect(readFileSync(file, 'utf8')).toBe('theirs');
      }
      await held.write(file, `${readFileSync(file, 'utf8')} and ours`);
    });
    expect(new Set(tokens).size).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('theirs and ours');
    expect(around()).toEqual(['x.json']);
  });

  it('is given back when the work fails, and the error passes through', async () => {
    await expect(withFileLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await quick()).toBe('done');
    expect(around()).toEqual([]);
  });
});

/** Runs a child to its end, waking it whenever it has gone to sleep for longer than a lease; what it said last. */
async function awake(...args: string[]): Promise<{ sleeps: number; refused: number }> {
  const child = spawn(process.execPath, [locker, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const timer = setInterval(() => {
    if (Date.now() - asleepSince > 400) child.kill('SIGCONT');
  }, 50);
  let asleepSince = Infinity;
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    asleepSince = Date.now();
  });
  const [code] = await once(child, 'exit');
  clearInterval(timer);
  const done = /done (\d+) (\d+)/.exec(said);
  if (code !== 0 || !done) throw new Error(`a locker ended with ${code}: ${said}`);
  return { sleeps: Number(done[1]), refused: Number(done[2]) };
}

describe('eight processes and one lock', () => {
  it('M9 holders that sleep past their lease write nothing late, and no update is lost', async () => {
    const dir = folder();
    const lock = path.join(dir, '.counter.lock');
    const file = path.join(dir, 'counter.json');
    writeFileSync(file, '{"n":0}');
    const names = Array.from({ length: 8 }, (_, i) => `p${i}`);
    const ends = await Promise.all(names.map((name) => awake(lock, 'count', file, name, '1000', '250')));
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      n: 8000,
      ...Object.fromEntries(names.map((name) => [name, 1000])),
    });
    // Every sleeper's token was refused when it woke, for it had to begin again.
    expect(sum(ends.map(({ sleeps }) => sleeps))).toBe(8 * 4);
    expect(sum(ends.map(({ refused }) => refused))).toBeGreaterThanOrEqual(8 * 4);
    expect(strangers(dir)).toEqual([]);
  }, 120_000);
});
