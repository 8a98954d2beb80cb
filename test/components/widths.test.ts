import headless from '@xterm/headless';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { fit, widthOf } from '../../components/fit.ts';
import { clip } from '../../components/Lines.tsx';
import { toAscii } from '../../components/screen/ascii.ts';
import { holdColumns } from '../../components/screen/hold-columns.ts';
import { outgoingFor } from '../../components/screen/outgoing.ts';
import { fenced, inSight, orderOurselves } from '../../components/screen/right-to-left.ts';
import { span } from '../../components/theme.ts';
import { safeText } from '../../src/domain/safe-text.ts';

afterEach(() => orderOurselves(false));

/** Texts that terminals disagree on, and some that they agree on. */
const pieces = [
  'plain',
  ' ',
  '日本語',
  '한국어',
  'ｗｉｄｅ',
  '👩‍👩‍👧‍👦',
  '🏳️‍🌈',
  '🇩🇪',
  '🇺🇳🇪🇺',
  '👍🏽',
  '❤️',
  '✔️',
  '1️⃣',
  '☎︎',
  'é',
  'a\u0301\u0323',
  'שלום עולם',
  'مرحبا بالعالم',
  '١٢٣',
  'हिन्दी',
  'ไทย',
  'தமிழ்',
  '𝒜𝒷',
  '\u200d',
  'Ⅷ',
  '①',
  '…',
  '→',
];
const outside = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'grapheme', maxLength: 6 })), {
    maxLength: 12,
  })
  .map((parts) => safeText(parts.join('')));

/** Writes to a terminal of 60 × 5; its rows, cell by cell. */
async function drawn(text: string): Promise<string[][]> {
  const term = new headless.Terminal({ cols: 60, rows: 5, allowProposedApi: true });
  await new Promise<void>((resolve) => term.write(`\u001b[?7l${text.replaceAll('\n', '\r\n')}`, resolve));
  const rows = Array.from({ length: 5 }, (_, y) => {
    const line = term.buffer.active.getLine(y);
    return Array.from({ length: 60 }, (_, x) => line?.getCell(x)?.getChars() ?? '');
  });
  term.dispose();
  return rows;
}

/** A row of two columns between three rules. */
function row(left: string, right: string): string {
  const text = (column: string, width: number) =>
    clip([span(fit(column, width))], width)
      .map((s) => s.text)
      .join('');
  return `│${text(left, 30)}│${text(right, 20)}│`;
}

describe('columns in any script', () => {
  it.each(['ours', 'its'] as const)(
    'stand where they belong, whatever the terminal takes a character for (bidi: %s)',
    async (bidi) => {
      const outgoing = outgoingFor(bidi);
      orderOurselves(bidi === 'ours');
      await fc.assert(
        fc.asyncProperty(outside, outside, async (left, right) => {
          const wanted = [row(left, right), row(right, left)];
          const rows = await drawn(outgoing(wanted.join('\n')));
          for (const y of [0, 1]) {
            for (const x of [0, 31, 52])
              expect(rows[y]?.[x]?.charAt(0), JSON.stringify([left, right])).toBe('│');
            // No rule is doubled, and none is drawn over.
            expect(rows[y]?.filter((cell) => cell.startsWith('│'))).toHaveLength(
              (wanted[y]?.split('│').length ?? 0) - 1,
            );
          }
        }),
        // A joiner at the beginning of a column joins the rule before it, behind text of another width.
        { numRuns: 300, examples: [['\u200d', '日本語 \u2e80\u{16fe0}ԱԱԱԱ']] },
      );
    },
  );

  it('would not without: the check can fail', async () => {
    const rows = await drawn(row('👩‍👩‍👧‍👦 family', 'x'));
    expect(rows[0]?.[31]).not.toBe('│');
  });

  it('writes nothing more where every terminal agrees', () => {
    const plain = '│ 日本語 fix(cart): ✔ 0.93 ▇▇▇▆ │ +41 −7 → é │';
    expect(holdColumns(plain)).toBe(plain);
  });

  it('in ASCII keeps every width, and is ASCII', () => {
    fc.assert(
      fc.property(outside, (text) => {
        const plain = toAscii(text);
        expect(plain).toMatch(/^[ -~]*$/);
        expect(plain.length, JSON.stringify(text)).toBe(widthOf(text));
      }),
      { numRuns: 500 },
    );
    expect(toAscii('\u001b[1m┌ orchestra ─ shop ▸ production ─┐ ✔ ✖ ● … café Łódź 日本\u001b[0m')).toBe(
      '\u001b[1m+ orchestra - shop > production -+ v x * . cafe Lodz ????\u001b[0m',
    );
  });
});

describe('text from right to left', () => {
  it('stands in the order of sight, its numbers as they are read', () => {
    orderOurselves(true);
    expect(inSight('fix: אבג 12 דה')).toBe('fix: הד 12 גבא');
    expect(inSight('(אב) plain')).toBe('(בא) plain');
    expect(inSight('plain')).toBe('plain');
  });

  it('never takes a column that follows with it', () => {
    orderOurselves(true);
    expect(inSight('אב  0.93')).toBe('בא  0.93');
  });

  it('is fenced in where the terminal orders by itself', () => {
    expect(inSight('אב 12')).toBe('אב 12');
    expect(fenced('x אב 0.93')).toBe('x \u200eאב\u200e 0.93');
  });
});
