import { html } from '../../src/domain/html.ts';
import type { Screen } from './cell.ts';
import { darkPaper, paint, type Paper } from './palette.ts';
import { blockOf, type Box, lineOf } from './shape.ts';

/** A cell of the picture, in its own units, and the letters' size in it. */
const cell = { width: 8.4, height: 18 };
const fontSize = 14;
const margin = { x: 14, y: 12 };

const escaped = (text: string) => html`${text}`.text;

const round = (n: number) => Number(n.toFixed(2));

interface Word {
  text: string;
  box: Box;
  colour: string;
  bold: boolean;
}

function boxAt(column: number, row: number, columns: number): Box {
  return {
    x: margin.x + column * cell.width,
    y: margin.y + row * cell.height,
    width: columns * cell.width,
    height: cell.height,
  };
}

const near = (a: number, b: number) => Math.abs(a - b) < 0.01;

/** Joins shapes of one row that touch and look alike. */
function pushBlock(blocks: Map<string, Box[]>, key: string, box: Box): void {
  const same = blocks.get(key) ?? [];
  const last = same.at(-1);
  if (last && near(last.y, box.y) && near(last.height, box.height) && near(last.x + last.width, box.x))
    last.width += box.width;
  else same.push({ ...box });
  blocks.set(key, same);
}

/**
 * A terminal's screen as a self-contained SVG. Each word is a `<text>` as wide as its cells, so that the columns stand
 * in whatever font the reader has; lines and gauges are shapes. `title` and `description` are for who cannot see it.
 */
export function drawScreen(
  screen: Screen,
  about: { title: string; description: string },
  paper: Paper = darkPaper,
): string {
  const { background } = paper;
  const words: Word[] = [];
  const lines = new Map<string, string[]>();
  const blocks = new Map<string, Box[]>();

  for (const [y, row] of screen.entries()) {
    let word: Word | undefined;
    let x = 0;
    for (const it of row) {
      const box = boxAt(x, y, it.width);
      x += it.width;
      if (it.width === 0) continue;
      const colour = paint(it.colour, it.dim, paper);
      if (it.inverse) pushBlock(blocks, `${colour} 1`, box);
      const line = lineOf(it.text, box);
      const block = blockOf(it.text, box);
      if (line !== undefined) lines.set(colour, [...(lines.get(colour) ?? []), line]);
      else if (block) pushBlock(blocks, `${it.inverse ? background : colour} ${block.opacity}`, block.box);
      if (line !== undefined || block || it.text.trim() === '') {
        word = undefined;
        continue;
      }
      const ink = it.inverse ? background : colour;
      if (word && word.colour === ink && word.bold === it.bold) {
        word.text += it.text;
        word.box.width += box.width;
      } else {
        word = { text: it.text, box, colour: ink, bold: it.bold };
        words.push(word);
      }
    }
  }
  return document(screen, about, paper, { words, lines, blocks });
}

function document(
  screen: Screen,
  { title, description }: { title: string; description: string },
  { background, frame }: Paper,
  drawn: { words: Word[]; lines: Map<string, string[]>; blocks: Map<string, Box[]> },
): string {
  const columns = screen[0]?.reduce((n, it) => n + it.width, 0) ?? 0;
  const width = round(columns * cell.width + 2 * margin.x);
  const height = screen.length * cell.height + 2 * margin.y;
  const classes = new Map<string, string>();
  const classOf = (word: Word) => {
    const style = `fill:${word.colour}${word.bold ? ';font-weight:700' : ''}`;
    const name = classes.get(style) ?? `c${classes.size}`;
    classes.set(style, name);
    return name;
  };
  const body = [
    ...[...drawn.blocks].map(([key, boxes]) => {
      const [colour = '', opacity = '1'] = key.split(' ');
      const d = boxes
        .map((b) => `M${round(b.x)} ${round(b.y)}h${round(b.width)}v${round(b.height)}h${round(-b.width)}z`)
        .join('');
      return `<path fill="${colour}"${opacity === '1' ? '' : ` fill-opacity="${opacity}"`} d="${d}"/>`;
    }),
    ...[...drawn.lines].map(
      ([colour, paths]) =>
        `<path fill="none" stroke="${colour}" stroke-opacity=".55" d="${paths.join('')}"/>`,
    ),
    ...drawn.words.map((word) => {
      const { x, y, width: length } = word.box;
      return `<text class="${classOf(word)}" x="${round(x)}" y="${round(y + 13.4)}" textLength="${round(length)}" lengthAdjust="spacingAndGlyphs">${escaped(word.text)}</text>`;
    }),
  ];
  const style = [
    `text{font:${fontSize}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;white-space:pre}`,
    ...[...classes].map(([rule, name]) => `.${name}{${rule}}`),
  ].join('');
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t d">`,
    `<title id="t">${escaped(title)}</title>`,
    `<desc id="d">${escaped(description)}</desc>`,
    `<style>${style}</style>`,
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" fill="${background}" stroke="${frame}"/>`,
    ...body,
    '</svg>',
  ].join('\n')}\n`;
}
