import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hitsIn } from '../../components/details/drawn.ts';
import { widthOf } from '../../components/fit.ts';
import { fold } from '../../components/fold.ts';
import { blocksOf } from '../../components/markdown/blocks.ts';
import { markdownLines, type TakeTask } from '../../components/markdown/draw.ts';
import type { Line } from '../../components/theme.ts';

const textOf = (line: Line) => line.map((s) => s.text).join('');

function drawn(text: string, width = 60, take?: TakeTask): string {
  return markdownLines(text.split('\n'), width, take)
    .map(({ line }) => textOf(line).trimEnd())
    .join('\n');
}

describe('a paper on the screen', () => {
  it('S3 has headings, lists, task boxes, rules and quotes', () => {
    expect(
      drawn(
        `# Guide: \`production\`
Two lines of one
paragraph.

## Before
- [x] built
- [ ] watched by **Ada**, who
  stays
1. first
   - inner
> note
---`,
        30,
      ),
    ).toBe(`Guide: production
══════════════════════════════

Two lines of one paragraph.

Before ───────────────────────

[x] built
[ ] watched by Ada, who stays
1. first
  ◦ inner

▏ note

──────────────────────────────`);
  });

  it('S3 keeps code as it was written, its spaces too', () => {
    expect(drawn('```sh\nif x; then\n  # not a heading\n  y | z\nfi\n```')).toBe(
      '│ if x; then\n│   # not a heading\n│   y | z\n│ fi',
    );
    expect(drawn('```\n0123456789\n```', 7)).toBe('│ 01234\n┊ 56789');
  });

  it('S3 fits a table into the width, cell by cell', () => {
    const table = `| Suite | Shows that |
| --- | --- |
| \`a\\|b\` | the parts work together and well |`;
    expect(drawn(table, 40)).toBe(`Suite │ Shows that
──────┼─────────────────────────────────
a|b   │ the parts work together and well`);
    expect(drawn(table, 28)).toBe(`Suite │ Shows that
──────┼─────────────────────
a|b   │ the parts work
      │ together and well`);
    expect(drawn(table, 17)).toBe(`Suite: a|b
Shows that: the
parts work
together and well`);
  });

  it('S3 leaves out the head of a table that has none', () => {
    expect(drawn('| | |\n|---|---|\n| Risk | low |')).toBe('Risk │ low');
  });

  it('shows an item as it stands now, and who ticked it', () => {
    const take: TakeTask = (text) =>
      text === 'Somebody watches'
        ? { id: '2-b', done: true, by: 'Ada 10:15', own: false }
        : { id: '1-a', done: false, by: undefined, own: true };
    expect(drawn('- [ ] Somebody watches\n- [ ] Built', 60, take)).toBe(
      '[x] Somebody watches (Ada 10:15)\n[ ] Built (by itself)',
    );
    expect(markdownLines(['- [ ] Somebody watches'], 60, take)[0]?.item).toBe('2-b');
  });

  it('is never wider than its place, whatever is written, and says nothing a terminal obeys', () => {
    const piece = fc.constantFrom(
      '# ',
      '- [ ] ',
      '| a | b |\n|---|---|\n| ',
      '```\n',
      '**',
      '`',
      '_',
      '\\',
      '日本語',
      '👩‍👩‍👧',
      '\u001b]0;x\u0007',
      '\u009b31m',
      '\u202e',
      'word ',
      'x'.repeat(70),
      '\n',
      '> ',
      '[a](b)',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 20, max: 90 }), (parts, width) => {
        for (const { line } of markdownLines(parts.join('').split('\n'), width)) {
          expect(widthOf(textOf(line))).toBeLessThanOrEqual(width);
          expect(textOf(line)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/u);
        }
      }),
    );
  });

  it('takes no longer than its length for tables and fences that never end', () => {
    for (const line of ['| a | b |', '```', '- x', '> y', '|---|'])
      expect(blocksOf(Array.from({ length: 20_000 }, () => line)).length).toBeGreaterThan(0);
  });
});

describe('searching', () => {
  it('finds words that are broken over two lines where they begin', () => {
    const lines = markdownLines(['the rollback procedure is here', '', 'Rollback again'], 14);
    expect(hitsIn(lines, 'rollback procedure')).toEqual([0]);
    expect(hitsIn(lines, 'ROLLBACK').length).toBe(2);
    expect(hitsIn(lines, 'nothing')).toEqual([]);
    expect(hitsIn(lines, ' ')).toEqual([]);
  });
});

it('folds a long line where it is full, wide characters whole', () => {
  expect(fold('  a日本', 4)).toEqual(['  a', '日本']);
  expect(fold('', 4)).toEqual(['']);
});
