import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { bundled } from './harness/bundled.ts';
import { temporaryFolders } from './harness/folder.ts';

const folder = temporaryFolders();

/** A program of two files, one of which says `word`; sizes and times are the same whatever it says. */
let program: string;
let cache: string;

beforeEach(() => {
  const dir = folder();
  program = path.join(dir, 'main.js');
  cache = path.join(dir, 'cache');
  mkdirSync(path.join(dir, 'chunks'));
  writeFileSync(program, "require('./chunks/said-abc.js');");
  says('first');
});

function says(word: string): void {
  const file = path.join(path.dirname(program), 'chunks/said-abc.js');
  writeFileSync(
    file,
    `(() => process.stdout.write('${word} ' + require('node:path').basename(__filename)))();`,
  );
  utimesSync(file, 1000, 1000);
}

async function start(): Promise<{ said: string; status: number | null }> {
  const run = spawnSync(process.execPath, [await bundled('kept-program.ts'), program, cache], {
    encoding: 'utf8',
  });
  return { said: run.stdout + run.stderr, status: run.status };
}

function keptFile(): string {
  const [name = ''] = readdirSync(cache);
  return path.join(cache, name);
}

const first = { said: 'first said-abc.js', status: 0 };
const second = { said: 'again said-abc.js', status: 0 };

describe('compiled code kept between starts', () => {
  it('is what the next start runs, for nobody but its owner to read or write', async () => {
    expect(await start()).toEqual(first);
    expect(readdirSync(cache)).toHaveLength(1);
    expect(statSync(cache).mode & 0o777).toBe(0o700);
    expect(statSync(keptFile()).mode & 0o777).toBe(0o600);
    // The same name, size and time: only the kept code can still say the first word.
    says('again');
    expect(await start()).toEqual(first);
  });

  it.each([
    ['cut short', (code: Buffer) => code.subarray(0, code.length / 3)],
    ['empty', () => Buffer.alloc(0)],
    ['all zeros', (code: Buffer) => Buffer.alloc(code.length)],
    ['changed in the middle', (code: Buffer) => changed(code, Math.floor(code.length / 4))],
    ['of another V8', (code: Buffer) => changed(changed(code, 6), code.length / 2 + 6)],
  ])('is compiled anew, and kept again, when it is %s', async (_, damage) => {
    await start();
    writeFileSync(keptFile(), damage(readFileSync(keptFile())));
    says('again');
    expect(await start()).toEqual(second);
    says('first');
    expect(await start()).toEqual(second);
  });

  it('is not believed where others can write', async () => {
    await start();
    says('again');
    chmodSync(cache, 0o777);
    expect(await start()).toEqual(second);
    chmodSync(cache, 0o700);
    chmodSync(keptFile(), 0o666);
    expect(await start()).toEqual(second);
  });

  it('is done without where no folder can be made', async () => {
    writeFileSync(cache, 'a file');
    expect(await start()).toEqual(first);
  });

  it('does not grow without end', async () => {
    mkdirSync(cache, { mode: 0o700 });
    for (let i = 0; i < 70; i += 1) writeFileSync(path.join(cache, `old-${i}.v8`), '', { mode: 0o600 });
    await start();
    expect(readdirSync(cache)).toHaveLength(64);
    expect(readdirSync(cache).some((name) => name.startsWith('said-abc'))).toBe(true);
  });
});

function changed(code: Buffer, at: number): Buffer {
  const copy = Buffer.from(code);
  copy[at] = (copy[at] ?? 0) ^ 0x55;
  return copy;
}
