import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openMemory } from '../../src/memory/open-memory.ts';
import { temporaryFolder } from '../harness/folder.ts';

const id = '20260101_120000';
let dir: string;

beforeEach(() => {
  dir = temporaryFolder();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = () => openMemory({ dir, clock: { now: () => new Date(0), sleep: async () => undefined } });

function write(folder: string, name: string, text: string): void {
  const file = path.join(dir, folder, id, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

it('S3 gives a paper while the deployment runs, and after it has ended', async () => {
  write('current', 'GUIDE.md', 'now');
  write('history', 'OLD.md', 'then');
  expect(await open().readDocument(id, 'GUIDE.md')).toBe('now');
  expect(await open().readDocument(id, 'OLD.md')).toBe('then');
  expect(await open().readDocument(id, 'NONE.md')).toBeUndefined();
});

it('gives the end of an output that is very long', async () => {
  write('current', 'suites/unit.log', `first\n${'x'.repeat(2 * 1024 * 1024)}\nlast`);
  const text = await open().readDocument(id, 'suites/unit.log');
  expect(text?.length).toBe(1024 * 1024);
  expect(text?.endsWith('\nlast')).toBe(true);
});

it('reads nothing outside of the memory', async () => {
  write('current', 'GUIDE.md', 'now');
  symlinkSync(import.meta.filename, path.join(dir, 'current', id, 'LINK.md'));
  await expect(open().readDocument(id, 'LINK.md')).rejects.toMatchObject({ code: 'memory-outside' });
  await expect(open().readDocument(id, '../../../secret')).rejects.toThrow("cannot be a document's name");
});

it.skipIf(process.platform === 'win32')(
  'does not wait for a pipe that stands in a document’s place',
  async () => {
    write('current', 'GUIDE.md', 'now');
    write('history', 'PIPE.md', 'then');
    execFileSync('mkfifo', [path.join(dir, 'current', id, 'PIPE.md')]);
    expect(await open().readDocument(id, 'PIPE.md')).toBe('then');
  },
);
