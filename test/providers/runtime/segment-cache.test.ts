import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSegmentCache } from '../../../providers/runtime/segment-cache.ts';
import { temporaryFolder } from '../../harness/folder.ts';

const entries = (...keys: string[]) => new Map(keys.map((key) => [key, `value of ${key}`]));
const texts = (found: ReadonlyMap<string, Buffer>) =>
  Object.fromEntries([...found].map(([key, value]) => [key, value.toString()]));

describe('a cache that processes share', () => {
  it('gives back what was kept, also to another process, and nothing it was not asked for', async () => {
    const dir = temporaryFolder();
    await openSegmentCache(dir).save('facts', entries('a', 'b'));
    await openSegmentCache(dir).save('facts', entries('c'));
    const found = await openSegmentCache(dir).load('facts', new Set(['a', 'c', 'missing']));
    expect(texts(found)).toEqual({ a: 'value of a', c: 'value of c' });
    expect(await openSegmentCache(dir).load('other', new Set(['a']))).toEqual(new Map());
  });

  it('loses nothing to writers at the same time', async () => {
    const dir = temporaryFolder();
    const keys = Array.from({ length: 40 }, (_, i) => `k${i}`);
    await Promise.all(
      keys.map((key) => openSegmentCache(dir, { segments: 100 }).save('facts', entries(key))),
    );
    expect((await openSegmentCache(dir).load('facts', new Set(keys))).size).toBe(40);
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 3)],
    ['changed', (bytes: Buffer) => Buffer.from(bytes.toString().replace('value of a', 'value of x'))],
    ['of another version', (bytes: Buffer) => Buffer.from(bytes.toString().replace('cache 1', 'cache 9'))],
    ['empty', () => Buffer.alloc(0)],
  ])('reads a segment that is %s as nothing, and goes on', async (_, damage) => {
    const dir = temporaryFolder();
    const cache = openSegmentCache(dir);
    await cache.save('facts', entries('a'));
    const [name = ''] = readdirSync(join(dir, 'facts'));
    const path = join(dir, 'facts', name);
    writeFileSync(path, damage(readFileSync(path)));
    expect(texts(await cache.load('facts', new Set(['a'])))).toEqual({});
    await cache.save('facts', entries('a'));
    expect(texts(await cache.load('facts', new Set(['a'])))).toEqual({ a: 'value of a' });
  });

  it('stays within its bounds: segments are joined, and the newest values are kept', async () => {
    const dir = temporaryFolder();
    const cache = openSegmentCache(dir, { segments: 3, bytes: 4000 });
    for (let i = 0; i < 60; i++) await cache.save('facts', new Map([[`key-${i}`, 'x'.repeat(100)]]));
    const sizes = readdirSync(join(dir, 'facts')).map((name) => statSync(join(dir, 'facts', name)).size);
    expect(sizes.length).toBeLessThanOrEqual(4);
    expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(4300);
    const found = await cache.load('facts', new Set(['key-0', 'key-59']));
    expect([...found.keys()]).toEqual(['key-59']);
  });

  it('costs time and not truth where nothing can be written', async () => {
    const dir = join(temporaryFolder(), 'file');
    writeFileSync(dir, 'not a folder');
    const cache = openSegmentCache(dir);
    await cache.save('facts', entries('a'));
    expect(await cache.load('facts', new Set(['a']))).toEqual(new Map());
  });
});

describe('a large value', () => {
  it('is found by its key, damage reads as absence, and only the last few are kept', async () => {
    const dir = temporaryFolder();
    const cache = openSegmentCache(dir, { wholes: 2 });
    await cache.remember('found', 'one', 'first\n');
    expect((await cache.recall('found', 'one'))?.toString()).toBe('first\n');
    expect(await cache.recall('found', 'two')).toBeUndefined();
    const [name = ''] = readdirSync(join(dir, 'found'));
    writeFileSync(join(dir, 'found', name), readFileSync(join(dir, 'found', name)).subarray(0, -2));
    expect(await cache.recall('found', 'one')).toBeUndefined();
    for (const key of ['a', 'b', 'c', 'd']) await cache.remember('found', key, key);
    expect(readdirSync(join(dir, 'found'))).toHaveLength(2);
  });
});
