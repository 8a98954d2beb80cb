import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { withFileLock } from '../../providers/runtime/file-lock.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { identify } from '../../providers/runtime/processes.ts';
import { bundler } from '../harness/bundle.ts';
import { stoppedClock } from '../harness/clock.ts';
import { temporaryFolders } from '../harness/folder.ts';

const folder = temporaryFolders();
const bundle = bundler();
let writer = '';
beforeAll(async () => {
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
  const owner = (over: object) =>
    JSON.stringify({
      pid: process.pid,
      startTime: identify(process.pid)?.startTime,
      host: hostname(),
      token: 'ab',
      ...over,
    });

  it.each([
    ['of a process that ended', owner({ pid: 999_999_999, startTime: '1' })],
    ['of a pid that another process has now', owner({ startTime: 'long ago' })],
    ['that a power cut left empty', ''],
  ])('M9 is taken at once from one %s', async (_, text) => {
    const lock = path.join(folder(), '.x.lock');
    writeFileSync(lock, text);
    expect(await withFileLock(lock, () => Promise.resolve('done'), 0)).toBe('done');
    expect(readdirSync(path.dirname(lock))).toEqual([]);
  });

  it('is taken from a dead owner even when a breaker died while breaking it', async () => {
    const lock = path.join(folder(), '.x.lock');
    writeFileSync(lock, owner({ pid: 999_999_999, startTime: '1', token: 'aa' }));
    writeFileSync(`${lock}.aa`, owner({ pid: 999_999_998, startTime: '1', token: 'bb' }));
    expect(await withFileLock(lock, () => Promise.resolve('done'), 0)).toBe('done');
    expect(readdirSync(path.dirname(lock))).toEqual([]);
  });

  it.each([
    ['a live process', owner({})],
    ['another machine', owner({ host: 'elsewhere', pid: 999_999_999 })],
  ])('is never taken from %s: the error names the owner after a bounded wait', async (_, text) => {
    const lock = path.join(folder(), '.x.lock');
    writeFileSync(lock, text);
    await expect(withFileLock(lock, () => Promise.resolve(), 20)).rejects.toMatchObject({
      code: 'memory-locked',
      exit: 5,
      message: expect.stringContaining(`process ${text.includes('elsewhere') ? 999_999_999 : process.pid}`),
    });
    expect(readFileSync(lock, 'utf8')).toBe(text);
  });

  it('is given back when the work fails, and the error passes through', async () => {
    const dir = folder();
    mkdirSync(path.join(dir, 'a'));
    const lock = path.join(dir, 'a/.x.lock');
    await expect(withFileLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withFileLock(lock, () => Promise.resolve(1), 0)).toBe(1);
  });
});
