import { describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../providers/runtime/atomic-file.ts';
import type { Disk } from '../../providers/runtime/disk.ts';
import { failWith } from '../../providers/runtime/failpoints.ts';
import { randomFrom } from '../harness/random.ts';
import type { Luck } from '../harness/power-cut.ts';
import { SimulatedDisk } from '../harness/simulated-disk.ts';
import { simulatedMemory } from '../harness/simulated-memory.ts';

const old = 'old '.repeat(400);
const later = 'new '.repeat(400);

/** A way to replace a file's text. */
type Writer = (disk: Disk, file: string, text: string) => Promise<void>;

const put = async (disk: Disk, file: string, text: string, sync: boolean) => {
  const opened = await disk.open(file, 'new');
  await opened.write(text);
  if (sync) await opened.sync();
  await opened.close();
};

const writers: Record<string, Writer> = {
  'syncs nothing': async (disk, file, text) => {
    await put(disk, `${file}.tmp`, text, false);
    await disk.rename(`${file}.tmp`, file);
  },
  'syncs the folder only': async (disk, file, text) => {
    await put(disk, `${file}.tmp`, text, false);
    await disk.rename(`${file}.tmp`, file);
    await disk.syncFolder(file.slice(0, file.lastIndexOf('/')));
  },
  'syncs the file only': async (disk, file, text) => {
    await put(disk, `${file}.tmp`, text, true);
    await disk.rename(`${file}.tmp`, file);
  },
  'renames before it writes': async (disk, file, text) => {
    const opened = await disk.open(`${file}.tmp`, 'new');
    await disk.rename(`${file}.tmp`, file);
    await disk.syncFolder(file.slice(0, file.lastIndexOf('/')));
    await opened.write(text);
    await opened.sync();
  },
  'writes in place': async (disk, file, text) => {
    const opened = await disk.open(file, 'change');
    await opened.truncate(0);
    await opened.write(text);
    await opened.sync();
  },
  'removes the old one first': async (disk, file, text) => {
    await put(disk, `${file}.tmp`, text, true);
    await disk.unlink(file);
    await disk.rename(`${file}.tmp`, file);
    await disk.syncFolder(file.slice(0, file.lastIndexOf('/')));
  },
};

/** What 2,000 power cuts while a file is replaced, or after, leave of it: each wrong thing once. */
async function wrongs(write: Writer): Promise<string[]> {
  const { dir, disk } = await simulatedMemory();
  const file = `${dir}/x.json`;
  failWith(undefined, disk);
  await writeFileAtomic(file, old);
  const begun = disk.operations.length;
  await write(disk, file, later);
  failWith(undefined);
  const random = randomFrom(1);
  const wrong = new Set<string>();
  const lucks: readonly Luck[] = ['none', 'mixed', 'in-order', 'all'];
  const moments = disk.operations.length - begun + 1;
  for (let n = 0; n < 2000; n += 1) {
    const moment = begun + (n % moments);
    const left = SimulatedDisk.crashed(
      disk.operations.slice(0, moment),
      random,
      lucks[Math.floor(n / moments) % 4],
    );
    const text = (await left.exists(file)) ? (await left.read(file)).toString('utf8') : undefined;
    const acknowledged = moment === disk.operations.length;
    if (text === undefined) wrong.add('no file');
    else if (text !== old && text !== later) wrong.add('half a text');
    else if (acknowledged && text !== later) wrong.add('an acknowledged text is lost');
  }
  return [...wrong].toSorted();
}

describe('the simulated disk', () => {
  it.each([
    ['syncs nothing', ['an acknowledged text is lost', 'half a text']],
    ['syncs the folder only', ['half a text']],
    ['syncs the file only', ['an acknowledged text is lost']],
    ['renames before it writes', ['half a text']],
    ['writes in place', ['half a text']],
    ['removes the old one first', ['no file']],
  ])('finds out a writer that %s', async (name, expected) => {
    const writer = writers[name];
    if (!writer) throw new TypeError(name);
    expect(await wrongs(writer)).toEqual(expected);
  });

  it('finds nothing wrong with the product’s way of writing', async () => {
    expect(await wrongs((_disk, file, text) => writeFileAtomic(file, text))).toEqual([]);
  });
});
