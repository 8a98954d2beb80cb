import { controls } from '../keys.ts';

/** Keys that a line can name, instead of being typed. */
const named = new Set([
  'enter',
  'esc',
  'space',
  'tab',
  'shift+tab',
  'backspace',
  'up',
  'down',
  'left',
  'right',
  'home',
  'end',
  'page-up',
  'page-down',
]);

/**
 * The keys that a line means: one that it names, none but enter when it is empty, else each of its characters; while
 * something is being typed, enter comes after them.
 */
export function keysOfLine(line: string, typing: boolean): string[] {
  const word = line.trim();
  if (word === '') return ['enter'];
  if (typing && word !== 'esc') return [...word, 'enter'].map((key) => (key === ' ' ? 'space' : key));
  if (named.has(word) || /^ctrl\+[a-z]$/.test(word)) return [word];
  return [...word].filter((character) => !/\s|\p{C}/u.test(character));
}

const sequences: Readonly<Record<string, string>> = {
  '\u001b[A': 'up',
  '\u001b[B': 'down',
  '\u001b[C': 'right',
  '\u001b[D': 'left',
  '\u001bOA': 'up',
  '\u001bOB': 'down',
  '\u001bOC': 'right',
  '\u001bOD': 'left',
  '\u001b[H': 'home',
  '\u001b[F': 'end',
  '\u001b[5~': 'page-up',
  '\u001b[6~': 'page-down',
  '\u001b[Z': 'shift+tab',
  ...controls,
};

/** The keys in one piece of input from a terminal in raw mode; sequences that name no key give none. */
export function keysOfInput(input: string): string[] {
  return [...input.matchAll(/\u001b\[[0-9;?]*[ -/]*[@-~]|\u001bO.|[^]/gu)].flatMap(([piece]) => {
    const known = sequences[piece];
    if (known !== undefined) return [known];
    if (piece.length > 1 && piece.startsWith('\u001b')) return [];
    const code = piece.codePointAt(0) ?? 0;
    if (code > 0 && code < 27) return [`ctrl+${String.fromCharCode(code + 96)}`];
    return /\p{C}/u.test(piece) ? [] : [piece];
  });
}
