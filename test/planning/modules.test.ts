import { describe, expect, it } from 'vitest';
import { keptLines, keptWidth, type FileDiff } from '../../src/planning/diff.ts';
import { readModules } from '../../src/planning/modules.ts';

const added = (path: string, texts: readonly string[]): FileDiff => ({
  path,
  oldPath: path,
  status: 'added',
  oldBlob: undefined,
  newBlob: '1'.repeat(40),
  additions: texts.length,
  deletions: 0,
  binary: false,
  hunks: [],
  added: texts.map((text, i) => ({ line: i + 1, text })),
  removed: [],
});

describe('D6 imports on added lines', () => {
  it('say on which line each name is taken, not where the same letters first stand', () => {
    const { imports } = readModules([
      added('a.ts', [
        'const carts = 1;',
        'import {',
        '  cart,',
        '  type Basket as Other,',
        "} from './cart';",
        'function sum() {}',
        "const { sum: total, max = 1 } = require('./sum');",
      ]),
    ]);
    const of = (target: string) =>
      imports[0]?.of.flatMap((one) => (one.target === target && one.names ? [[one.names[0], one.line]] : []));
    expect(of('./cart')).toEqual([
      ['cart', 3],
      ['Basket', 4],
    ]);
    expect(of('./sum')).toEqual([
      ['sum', 7],
      ['max', 7],
    ]);
  });

  it('are looked for in time that does not grow with what a hostile line repeats', () => {
    const hostile = (text: string) => {
      const line = text.repeat(keptWidth).slice(0, keptWidth);
      return Array.from({ length: keptLines }, () => line);
    };
    // Quadratic expressions take minutes over these: the time limit of the test would end them.
    const texts = ['{', 'import {', '{ ', `import${' '.repeat(keptWidth - 6)}`];
    const files = texts.flatMap((text) =>
      Array.from({ length: 12 }, (_, i) => added(`${i}.ts`, hostile(text))),
    );
    expect(readModules(files)).toEqual({ exports: [], imports: [] });
  });
});
