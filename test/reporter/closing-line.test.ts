import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../harness/journey.ts';

describe('the last line of `npm test`', () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'orchestra-reporter-')));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs a file of tests with the reporters of this repository; what it printed, line by line. */
  function linesOf(text: string): string[] {
    writeFileSync(path.join(folder, 'some.test.mjs'), text);
    const reporter = path.join(root, 'test/harness/closing-line.ts');
    const done = spawnSync(
      process.execPath,
      [
        path.join(root, 'node_modules/vitest/vitest.mjs'),
        ...`run --globals --root ${folder} --reporter=default --reporter=${reporter}`.split(' '),
      ],
      { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'], NO_COLOR: '1' } },
    );
    return done.stdout.trimEnd().split('\n');
  }

  it('says how many passed and failed, after everything else', () => {
    const lines = linesOf("it('a', () => {});\nit('b', () => {});\nit('c', () => expect(1).toBe(2));\n");
    expect(lines.at(-1)).toBe('2 passed, 1 failed');
    expect(lines.join('\n')).toMatch(/Duration/u);
  });

  it('names what was skipped, with its reason', () => {
    const lines = linesOf("it('a', () => {});\nit('b', (it) => it.skip('needs a database'));\n");
    expect(lines.slice(-2)).toEqual([
      'skipped: some.test.mjs > b (needs a database)',
      '1 passed, 0 failed, 1 skipped',
    ]);
  });

  it('tells what the lanes counted before it', () => {
    const counts = path.join(root, 'test/harness/counts.ts');
    const lines = linesOf(`import { count } from ${JSON.stringify(counts)};
it('a', () => { count('kills', { moments: 1200, lost: 0 }); count('b', { states: '5 of 7' }); });\n`);
    expect(lines.slice(-4)).toEqual([
      'counted:',
      '  b      5 of 7 states',
      '  kills  1,200 moments · 0 lost',
      '1 passed, 0 failed',
    ]);
  });

  it.each([
    ['a file that does not load', "throw new Error('no');\n"],
    ['a set-up that fails', "beforeAll(() => { throw new Error('no'); });\nit('a', () => {});\n"],
    ['an error nobody caught', "it('a', () => { setTimeout(() => { throw new Error('no'); }); });\n"],
  ])('counts %s as failed', (_, text) => {
    expect(linesOf(text).at(-1)).toMatch(/^\d passed, 1 failed/u);
  });
});
