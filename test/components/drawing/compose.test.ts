import headless from '@xterm/headless';
import { Chalk } from 'chalk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compose, type Operation } from '../../../components/drawing/compose.ts';
// Ink's own, which it does not export.
import Output from '../../../node_modules/ink/build/output.js';

const width = 30;
const height = 8;
const chalk = new Chalk({ level: 1 });

/** What a terminal shows of the rows: each cell with its looks. */
async function cells(rows: readonly string[]): Promise<string[]> {
  const term = new headless.Terminal({ cols: width * 2, rows: height + 1, allowProposedApi: true });
  await new Promise<void>((resolve) => {
    term.write(rows.join('\r\n'), resolve);
  });
  const { active } = term.buffer;
  const seen = Array.from({ length: height }, (_, y) =>
    Array.from({ length: width * 2 }, (_, x) => {
      const cell = active.getLine(y)?.getCell(x);
      const text = cell?.getChars() || ' ';
      const looks = cell?.isInverse() ? `${cell.getFgColor()}i` : text === ' ' ? '' : cell?.getFgColor();
      return `${text}${looks}`;
    }).join('|'),
  );
  term.dispose();
  return seen;
}

function byInk(operations: readonly Operation[]): string[] {
  const output = new Output({ width, height });
  for (const operation of operations) {
    if (operation.type === 'write')
      output.write(operation.x, operation.y, operation.text, {
        transformers: [...operation.transformers],
      });
    else if (operation.type === 'clip')
      output.clip({ x1: undefined, x2: undefined, y1: undefined, y2: undefined, ...operation.clip });
    else output.unclip();
  }
  return output.get().output.split('\n');
}

const styles = [
  (text: string) => text,
  (text: string) => chalk.cyan(text),
  (text: string) => chalk.inverse.bold(text),
];

const line = fc
  .array(
    fc.tuple(
      fc.constantFrom('a', 'bc ', 'δ', '日本', '👍🏽', '│', '  ', 'e\u0301'),
      fc.constantFrom(...styles),
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.map(([text, style]) => style(text)).join(''));

const write = fc.record({
  type: fc.constant('write' as const),
  x: fc.integer({ min: 0, max: width - 4 }),
  y: fc.integer({ min: 0, max: height - 1 }),
  text: fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n')),
  transformers: fc.constantFrom([], [(text: string) => chalk.red(text)]),
});

const inBox = fc
  .record({
    x1: fc.integer({ min: 0, max: 8 }),
    x2: fc.integer({ min: 12, max: width }),
    y1: fc.integer({ min: 0, max: 2 }),
    y2: fc.integer({ min: 3, max: height }),
    writes: fc.array(write, { maxLength: 3 }),
  })
  .map(({ writes, ...clip }): Operation[] => [{ type: 'clip', clip }, ...writes, { type: 'unclip' }]);

const drawings = fc
  .array(
    fc.oneof(
      write.map((one): Operation[] => [one]),
      inBox,
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.flat());

describe('rows put together from their pieces', () => {
  it('show what Ink shows, cell by cell', async () => {
    await fc.assert(
      fc.asyncProperty(drawings, async (operations) => {
        const slow = byInk(operations);
        const fast = compose(operations, height).map((row, y) => row ?? slow[y] ?? '');
        expect(await cells(fast)).toEqual(await cells(slow));
      }),
      { numRuns: 150 },
    );
  });

  it('are left to Ink only where something lies over something else', () => {
    const at = (x: number, y: number, text: string): Operation => ({
      type: 'write',
      x,
      y,
      text,
      transformers: [],
    });
    expect(compose([at(5, 0, 'right'), at(0, 0, 'left'), at(0, 1, 'under'), at(3, 1, 'over')], 2)).toEqual([
      'left right',
      undefined,
    ]);
  });

  it('are left to Ink where they are cut, and only those', () => {
    const text: Operation = { type: 'write', x: 0, y: 0, text: 'short\nmuch too long', transformers: [] };
    expect(compose([{ type: 'clip', clip: { x1: 0, x2: 6 } }, text, { type: 'unclip' }], 2)).toEqual([
      'short',
      undefined,
    ]);
  });
});
