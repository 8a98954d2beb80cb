import { describe, expect, it } from 'vitest';
import { readRecords } from '../../src/planning/record-stream.ts';

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, size: number): Promise<string[][]> {
  const records: string[][] = [];
  for await (const record of readRecords(inChunks(bytes, size), 2)) records.push(record);
  return records;
}

describe('records of NUL-ended fields', () => {
  it('are the same however the bytes arrive', async () => {
    const bytes = Buffer.from('a\0gr\u00fc\u00df\nb\0\0\0c\0d');
    for (const size of [1, 2, 3, 5, 100])
      expect(await read(bytes, size)).toEqual([
        ['a', 'gr\u00fc\u00df\nb'],
        ['', ''],
      ]);
  });

  it('keep both ends of a field of many megabytes', async () => {
    const bytes = Buffer.from(`first${'x'.repeat(3_000_000)}last\0next\0`);
    const [[long = '', next] = []] = await read(bytes, 65_536);
    expect(long.length).toBeLessThan(400_000);
    expect([long.slice(0, 5), long.slice(-4), next]).toEqual(['first', 'last', 'next']);
  });
});
