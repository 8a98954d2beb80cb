/** Where a cell stands, in the picture's units. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What a line drawing character joins: its middle with the edges named. */
const joins: Readonly<Record<string, string>> = {
  '─': 'lr',
  '│': 'tb',
  '┌': 'rb',
  '┐': 'lb',
  '└': 'tr',
  '┘': 'lt',
  '├': 'trb',
  '┤': 'tlb',
  '┬': 'lrb',
  '┴': 'lrt',
  '┼': 'lrtb',
  '╭': 'rb',
  '╮': 'lb',
  '╰': 'tr',
  '╯': 'lt',
};

const round = (n: number) => Number(n.toFixed(2));

/** A path for a line drawing character, gapless with its neighbours; undefined for any other. */
export function lineOf(character: string, box: Box): string | undefined {
  const edges = joins[character];
  if (edges === undefined) return undefined;
  const middle = { x: round(box.x + box.width / 2), y: round(box.y + box.height / 2) };
  const ends: Readonly<Record<string, string>> = {
    l: `H${round(box.x)}`,
    r: `H${round(box.x + box.width)}`,
    t: `V${round(box.y)}`,
    b: `V${round(box.y + box.height)}`,
  };
  return [...edges].map((edge) => `M${middle.x} ${middle.y}${ends[edge] ?? ''}`).join('');
}

export interface Block {
  box: Box;
  opacity: number;
}

/** The filled part of a block character (`▁ … █`, `▏ … ▉`, `░`); undefined for any other. */
export function blockOf(character: string, box: Box): Block | undefined {
  const code = character.codePointAt(0) ?? 0;
  // Rows get a little air, so that the gauges of neighbouring rows do not melt into one.
  const top = box.y + box.height * 0.14;
  const height = box.height * 0.72;
  if (character === '░') return { box: { ...box, y: top, height }, opacity: 0.22 };
  if (code >= 0x2581 && code <= 0x2588) {
    const filled = code === 0x2588 ? height : (height * (code - 0x2580)) / 8;
    return { box: { ...box, y: top + height - filled, height: filled }, opacity: 1 };
  }
  if (code > 0x2588 && code <= 0x258f)
    return { box: { ...box, y: top, height, width: (box.width * (0x2590 - code)) / 8 }, opacity: 1 };
  return undefined;
}
