import chalk, { type ChalkInstance, foregroundColorNames, type ForegroundColorName } from 'chalk';

/** How a piece of text looks; `colour` as Ink names them: a name, `#rrggbb` or `ansi256(n)`. */
export interface Look {
  colour?: string | undefined;
  bold?: boolean | undefined;
  inverse?: boolean | undefined;
}

const names: readonly string[] = foregroundColorNames;
const isName = (colour: string): colour is ForegroundColorName => names.includes(colour);

function coloured(base: ChalkInstance, colour: string): ChalkInstance {
  if (isName(colour)) return base[colour];
  if (colour.startsWith('#')) return base.hex(colour);
  const index = /^ansi256\((\d{1,3})\)$/.exec(colour)?.[1];
  return index === undefined ? base : base.ansi256(Number(index));
}

/** What stands before and after text of a look; asked once a look. */
const brackets = new Map<string, readonly [before: string, after: string]>();

/**
 * `text` with the sequences of its look, as Ink's own `Text` writes them; as it is where the terminal has no colours.
 * It must be safe to draw, and hold no sequence.
 */
export function paint(text: string, { colour, bold = false, inverse = false }: Look): string {
  if (text === '' || (!colour && !bold && !inverse)) return text;
  const key = `${chalk.level}${bold ? 'b' : ''}${inverse ? 'i' : ''}${colour ?? ''}`;
  let around = brackets.get(key);
  if (!around) {
    let style: ChalkInstance = chalk;
    if (inverse) style = style.inverse;
    if (bold) style = style.bold;
    if (colour) style = coloured(style, colour);
    const [before = '', after = ''] = style('x').split('x');
    around = [before, after];
    brackets.set(key, around);
  }
  return around[0] + text + around[1];
}
