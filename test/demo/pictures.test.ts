import { describe, expect, it } from 'vitest';
import type { Cell } from '../../demo/pictures/cell.ts';
import { drawScreen } from '../../demo/pictures/draw.ts';

const plain: Omit<Cell, 'text'> = {
  width: 1,
  colour: { kind: 'default' },
  bold: false,
  dim: false,
  inverse: false,
};

const row = (text: string, style: Partial<Cell> = {}): Cell[] =>
  [...text].map((character) => ({ ...plain, ...style, text: character }));

const about = { title: 'A screen', description: 'What is on it' };

const words = (svg: string) =>
  [...svg.matchAll(/<text [^>]*x="([\d.]+)"[^>]*textLength="([\d.]+)"[^>]*>([^<]*)</g)].map(
    ([, x, length, text]) => ({ x: Number(x), length: Number(length), text }),
  );

describe('a picture of a terminal', () => {
  it('has one text a word, as wide as its cells, so that columns stand in any font', () => {
    const [first, second] = words(drawScreen([row('ab  cde')], about));
    expect(first).toMatchObject({ text: 'ab', length: 16.8 });
    expect(second).toMatchObject({ text: 'cde', length: 25.2 });
    expect((second?.x ?? 0) - (first?.x ?? 0)).toBeCloseTo(4 * 8.4);
  });

  it('gives a wide character two columns', () => {
    const wide: Cell[] = [{ ...plain, text: '界', width: 2 }, { ...plain, text: '', width: 0 }, ...row('x')];
    expect(words(drawScreen([wide], about))).toMatchObject([{ text: '界x', length: 25.2 }]);
  });

  it('keeps what looks different apart: colour and weight', () => {
    const svg = drawScreen(
      [[...row('ok', { colour: { kind: 'palette', index: 2 } }), ...row('no', { bold: true })]],
      about,
    );
    expect(words(svg).map(({ text }) => text)).toEqual(['ok', 'no']);
    expect(svg).toContain('fill:#56d364}');
    expect(svg).toContain('font-weight:700');
  });

  it('draws lines and gauges as shapes: a gauge is one piece, and half a cell is half as wide', () => {
    const svg = drawScreen([row('██▌ ─')], about);
    expect(words(svg)).toEqual([]);
    expect(svg).toContain('d="M14 14.52h21v12.96h-21z"');
    expect(svg).toContain('stroke=');
  });

  it('draws what is marked in the colour of its background', () => {
    const svg = drawScreen([row('x', { inverse: true })], about);
    expect(svg).toContain('fill:#0d1117}');
  });

  it('lets nothing on the screen become markup', () => {
    const svg = drawScreen([row('<script>&"')], { title: '<b>', description: '&' });
    expect(svg).not.toMatch(/<script|<b>/);
    expect(svg).toContain('&lt;script&gt;&amp;&quot;');
  });
});
