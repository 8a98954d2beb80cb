import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { rubbish } from '../harness/simulated-memory.ts';

/** In bytes; the memory's few files and not much more. */
const size = 256 * 1024;

const mount = (...args: string[]) => spawnSync('mount', args, { encoding: 'utf8' });

let greeter: Greeter;
let memory = '';
let why: string | undefined;

beforeAll(async () => {
  greeter = await makeGreeter();
  greeter.version('v2');
  ({ memory } = greeter.journey);
  mkdirSync(memory, { recursive: true });
  const mounted = mount('-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', memory);
  if (mounted.status !== 0)
    why = `a small disk cannot be mounted here: ${mounted.stderr.trim().slice(0, 100)}`;
});
afterAll(async () => {
  if (why === undefined) spawnSync('umount', [memory]);
  await greeter.journey.close();
});

/** Fills the disk to its last byte; what gives the room back. */
function fill(): () => void {
  const filler = path.join(memory, 'filler');
  for (let bytes = size; bytes >= 1; bytes = Math.floor(bytes / 2)) {
    try {
      writeFileSync(filler, Buffer.alloc(bytes), { flag: 'a' });
      bytes *= 2;
    } catch {
      // Less fits, or nothing more.
    }
  }
  return () => rmSync(filler);
}

const files = () =>
  Object.fromEntries(
    readdirSync(memory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'filler')
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(memory, file), readFileSync(file, 'utf8')]),
  );

describe('M9 a memory on a small disk', () => {
  it('that is full: commands end with 74 and say what to do, nothing is changed, and with room again they work', async ({
    skip,
  }) => {
    if (why !== undefined) skip(why);
    const { journey } = greeter;
    expect((await journey.run('select', 'all', '--json')).code).toBe(0);
    const before = files();
    const giveRoom = fill();
    const refused = await journey.run('select', 'recommended', '--json');
    expect(refused.code).toBe(74);
    expect(refused.lines).toMatchObject([
      {
        error: {
          message: expect.stringMatching(/ENOSPC|no space/),
          hint: expect.stringMatching(/space|room/),
        },
      },
    ]);
    expect(files()).toEqual(before);
    expect(
      readdirSync(memory, { recursive: true })
        .map(String)
        .filter((name) => rubbish.test(name)),
    ).toEqual([]);
    for (const reading of [['status'], ['history'], ['analyze']])
      expect([reading, (await journey.run(...reading, '--json')).code]).toEqual([reading, 0]);
    giveRoom();
    expect((await journey.run('select', 'recommended', '--json')).code).toBe(0);
  });

  it('that may only be read: commands that write end with 74, those that read work', async ({ skip }) => {
    if (why !== undefined) skip(why);
    const { journey } = greeter;
    const before = files();
    expect(mount('-o', 'remount,ro', memory).status).toBe(0);
    try {
      const refused = await journey.run('select', 'all', '--json');
      expect(refused.code).toBe(74);
      expect(refused.lines).toMatchObject([{ error: { hint: expect.stringMatching(/rights|read/) } }]);
      for (const reading of [['status'], ['history']])
        expect([reading, (await journey.run(...reading, '--json')).code]).toEqual([reading, 0]);
    } finally {
      mount('-o', 'remount,rw', memory);
    }
    expect(files()).toEqual(before);
  });
});
