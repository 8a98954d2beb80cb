import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFlags } from '../../../providers/flags/flags.ts';
import { systemClock } from '../../../providers/runtime/clock.ts';
import { createRunner } from '../../../providers/runtime/runner.ts';
import type { FlagProvider } from '../../../src/domain/flag.ts';
import { temporaryFolders } from '../../harness/folder.ts';

const folder = temporaryFolders();
const author = { environment: 'production', deployment: 'd1', fence: 3, by: 'Ana', why: 'step' };
const file: FlagProvider = { kind: 'file', path: 'flags.json', on: 'on', off: 'off' };

function open() {
  const root = folder();
  const flags = createFlags({
    runner: createRunner(),
    root,
    stateDir: path.join(root, 'state'),
    clock: systemClock,
    environment: { PATH: process.env['PATH'], TOKEN: 't0ken', OTHER: 'o' },
  });
  const text = () => readFileSync(path.join(root, 'flags.json'), 'utf8');
  const write = (value: unknown) => writeFileSync(path.join(root, 'flags.json'), JSON.stringify(value));
  return { root, flags, text, write };
}

const set = (flags: ReturnType<typeof open>['flags'], percent: number, fence = 3) =>
  flags.set(file, { flag: 'new', percent }, { ...author, fence });

describe('flags in a file of flagd’s format', () => {
  it('T1 makes file and flag where there is none, and says what it then reads', async () => {
    const { flags, text } = open();
    expect(await flags.read(file, 'new')).toEqual({ flag: 'new', percent: 0 });
    expect(await set(flags, 25)).toEqual({ flag: 'new', percent: 25 });
    expect(JSON.parse(text())).toEqual({
      $schema: 'https://flagd.dev/schema/v0/flags.json',
      flags: {
        new: {
          state: 'ENABLED',
          variants: { on: true, off: false },
          defaultVariant: 'off',
          targeting: {
            fractional: [
              ['on', 25],
              ['off', 75],
            ],
          },
        },
      },
    });
    expect(await set(flags, 100)).toMatchObject({ percent: 100 });
    expect(JSON.parse(text()).flags.new).toMatchObject({ defaultVariant: 'on' });
    expect(
      JSON.parse(text()).flags.new.targeting,
      'everybody, with a targeting key or without',
    ).toBeUndefined();
    expect(await set(flags, 0)).toMatchObject({ percent: 0 });
    expect(JSON.parse(text()).flags.new).toMatchObject({ state: 'ENABLED', defaultVariant: 'off' });
  });

  it('leaves everything else in the file as it is, and writes nothing when nothing changes', async () => {
    const { flags, text, write, root } = open();
    const other = { state: 'DISABLED', variants: { a: 1 }, defaultVariant: 'a', targeting: { if: [true] } };
    const mine = {
      state: 'ENABLED',
      variants: { on: 'v2', off: 'v1', x: 'v0' },
      defaultVariant: 'off',
      metadata: { o: 1 },
    };
    write({ $evaluators: { e: {} }, flags: { other, new: mine } });
    await set(flags, 50);
    expect(JSON.parse(text())).toMatchObject({
      $evaluators: { e: {} },
      flags: { other, new: { variants: mine.variants, metadata: { o: 1 } } },
    });
    const before = lstatSync(path.join(root, 'flags.json')).ino;
    await set(flags, 50);
    expect(lstatSync(path.join(root, 'flags.json')).ino).toBe(before);
  });

  it('follows a link to the file that the service reads, and leaves no lock behind', async () => {
    const { flags, root } = open();
    writeFileSync(path.join(root, 'real.json'), '{"flags":{}}', { mode: 0o640 });
    symlinkSync('real.json', path.join(root, 'flags.json'));
    await set(flags, 5);
    expect(lstatSync(path.join(root, 'flags.json')).isSymbolicLink()).toBe(true);
    expect(lstatSync(path.join(root, 'real.json')).mode & 0o777).toBe(0o640);
    expect(existsSync(path.join(root, '.real.json.lock'))).toBe(false);
  });

  it.each([
    ['a targeting rule of its own', { targeting: { if: [{ '==': [1, 1] }, 'on'] } }],
    [
      'fractions of other variants',
      {
        targeting: {
          fractional: [
            ['x', 50],
            ['on', 50],
          ],
        },
      },
    ],
    ['no variant of that name', { variants: { yes: true, no: false } }],
    ['a third default', { variants: { on: 1, off: 0, x: 2 }, defaultVariant: 'x' }],
    ['no form at all', { state: 7 }],
  ])('does not touch a flag with %s', async (_, change) => {
    const { flags, text, write } = open();
    write({
      flags: {
        new: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', ...change },
      },
    });
    const before = text();
    await expect(flags.read(file, 'new')).rejects.toMatchObject({ code: 'flag-foreign', exit: 78 });
    await expect(set(flags, 0)).rejects.toMatchObject({ code: 'flag-foreign' });
    expect(text()).toBe(before);
  });

  it('says of a file that is no JSON, and of a name that every object has, what they are', async () => {
    const { flags, root } = open();
    expect(await flags.read(file, 'constructor')).toMatchObject({ percent: 0 });
    writeFileSync(path.join(root, 'flags.json'), '{"flags": [');
    await expect(flags.read(file, 'new')).rejects.toMatchObject({ code: 'flag-unreadable', exit: 74 });
  });

  it('N4 refuses whoever lost the lock', async () => {
    const { flags } = open();
    await set(flags, 25, 5);
    await expect(set(flags, 100, 4)).rejects.toMatchObject({ code: 'fenced', exit: 5 });
    expect(await flags.read(file, 'new')).toMatchObject({ percent: 25 });
  });
});

describe('flags behind a command', () => {
  const node = process.execPath;
  const command = (setter: string, reader: string, more: object = {}): FlagProvider => ({
    kind: 'command',
    set: [node, '-e', setter],
    read: [node, '-e', reader],
    env: ['TOKEN'],
    timeoutMs: 20_000,
    ...more,
  });
  const writes =
    'const e=process.env;require("fs").writeFileSync("said",[e.FLAG,e.PERCENT,e.TOKEN,e.OTHER].join())';

  it('T1 tells it flag and percent in its environment, no more than that, and believes what is read', async () => {
    const { flags, root } = open();
    const provider = command(writes, 'console.log("checking\\n" + 50)');
    expect(await flags.set(provider, { flag: 'a b;$x', percent: 50 }, author)).toEqual({
      flag: 'a b;$x',
      percent: 50,
    });
    expect(readFileSync(path.join(root, 'said'), 'utf8')).toBe('a b;$x,50,t0ken,');
  });

  it.each([
    ['on', 100],
    ['false', 0],
    ['12.5 %', 12.5],
  ])('reads %s', async (said, percent) => {
    const provider = command('', `console.log(${JSON.stringify(said)})`);
    expect(await open().flags.read(provider, 'f')).toMatchObject({ percent });
  });

  it.each([
    ['101', 'console.log(101)', /no percentage/],
    ['nothing', '', /no percentage/],
    ['an error', 'process.exit(3)', /exit code 3/],
    ['nothing in time', 'setInterval(() => {}, 1000)', /did not end in time/],
  ])('does not believe %s', async (_, reader, message) => {
    const provider = command('', reader, reader.includes('setInterval') ? { timeoutMs: 300 } : {});
    await expect(open().flags.read(provider, 'f')).rejects.toMatchObject({
      code: 'flag-unreadable',
      message: expect.stringMatching(message),
    });
  });
});
