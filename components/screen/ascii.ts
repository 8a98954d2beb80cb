import { widthOf } from '../fit.ts';
import { graphemes } from '../graphemes.ts';

/** Marks, frames and signs of one cell, and the ASCII that says the same in one cell. */
const signs = new Map<string, string>(
  Object.entries({
    v: '✔✓√',
    x: '✖✗×',
    '*': '●•■◆★▪',
    o: '○◌□◇▫',
    '>': '▸▶►›»→⇒▷❯',
    '<': '◂◀←‹«↩⇐↶',
    '^': '↑▲△⇧',
    '|': '│┃║▏▎▍‖┆┊╎¦',
    '-': '─━–—−═╌┄┈‐‑',
    '+': '┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝╠╣╦╩╬┏┓┗┛┣┫┳┻╋',
    '#': '█▓▒▇',
    '=': '▌▋▊▉▅▆≡',
    '.': '░…·⋅▂',
    _: '▁',
    ':': '▃',
    '~': '≈∼',
    "'": '‘’′',
    '"': '“”„″',
    E: '€',
    '/': '╱⁄',
    '\\': '╲',
  }).flatMap(([ascii, characters]) => [...characters].map((character) => [character, ascii] as const)),
);
for (const [character, ascii] of Object.entries({
  '▄': '-',
  '↓': 'v',
  '▼': 'v',
  '▽': 'v',
  '↗': '/',
  '↘': '\\',
  '↔': '-',
  '≤': '<',
  '≥': '>',
  ß: 's',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  æ: 'a',
  Æ: 'A',
  œ: 'o',
  ı: 'i',
  '±': '+',
  '°': 'o',
  σ: 's',
  μ: 'u',
  µ: 'u',
  '\u00a0': ' ',
}))
  signs.set(character, ascii);
// The frames of the spinner, so that it still turns.
for (const [i, frame] of [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'].entries()) signs.set(frame, '|/-\\'.charAt(i % 4));

/** Dots of the upper and of the lower half of a braille cell, as bits of its code point. */
const upper = 0b0001_1011;
const lower = 0b1110_0100;

/** A braille cell of a plot by where its dots are. */
function dots(code: number): string {
  const set = code - 0x2800;
  if (set === 0) return ' ';
  if ((set & lower) === 0) return "'";
  return (set & upper) === 0 ? '.' : ':';
}

function sign(cluster: string): string {
  const known = signs.get(cluster);
  if (known !== undefined) return known;
  const code = cluster.codePointAt(0) ?? 0;
  if (code >= 0x2800 && code <= 0x28ff) return dots(code);
  const width = widthOf(cluster);
  // A letter with accents is the letter; what has no such form is known to be there, cell by cell.
  const letter = cluster.normalize('NFKD').charAt(0);
  return width === 1 && /[ -~]/.test(letter) ? letter : '?'.repeat(width);
}

/** `text` in ASCII, every character in as many cells as it takes without; control sequences stay. */
export function toAscii(text: string): string {
  return text.replaceAll(/[ -~]?[^\0-\u007f]+/g, (run) => {
    let plain = '';
    for (const { segment } of graphemes.segment(run)) plain += sign(segment);
    return plain;
  });
}
