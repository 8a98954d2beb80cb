import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readThresholds } from '../../src/memory/thresholds-file.ts';
import { temporaryFolders } from '../harness/folder.ts';

const folder = temporaryFolders();
const read = (text: string) => {
  const file = path.join(folder(), 'limits.yaml');
  writeFileSync(file, text);
  return readThresholds(file);
};

describe('a file of thresholds', () => {
  it('is what an environment has, or the thresholds alone', async () => {
    expect(await read('error_rate: 3')).toMatchObject({ thresholds: { error_rate: 3, minimum_sample: 50 } });
    const both = await read(
      'thresholds: { error_window: 1m }\nmetrics: [{ name: a, source: command, run: [x], max: 1 }]',
    );
    expect(both).toMatchObject({ thresholds: { error_window: 60_000 }, metrics: [{ name: 'a' }] });
    expect((await read('')).thresholds.error_rate).toBe(1);
  });

  it.each([
    ['eror_rate: 3', /limits\.yaml.*eror_rate/],
    ['error_rate: often', /thresholds\.error_rate/],
    ['metrics: [{ name: a }]', /metrics\.0/],
    ['{', /limits\.yaml/],
    ['[1, 2]', /thresholds/],
  ])('is refused as %j', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'bad-config', exit: 78 });
    await expect(read(text)).rejects.toThrow(message);
  });

  it('says so where there is none', async () => {
    await expect(readThresholds(path.join(folder(), 'none.yaml'))).rejects.toMatchObject({ exit: 78 });
  });
});
