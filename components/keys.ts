import type { Key } from 'ink';

/** Control characters that are keys. */
export const controls: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  ' ': 'space',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u001b': 'esc',
  '\u0003': 'ctrl+c',
  '\u001a': 'ctrl+z',
};

/**
 * The names of the keys in one piece of input: `up`, `enter`, `ctrl+c`, … or the character itself. Fast typing arrives
 * as one string, so there may be several; pasted control characters that name no key give none. Esc and a key right
 * behind it arrive as that key with alt: they are both, or who says no in haste would have said what came next.
 */
export function keyNames(input: string, key: Key): string[] {
  if (key.upArrow) return ['up'];
  if (key.downArrow) return ['down'];
  if (key.leftArrow) return ['left'];
  if (key.rightArrow) return ['right'];
  if (key.pageUp) return ['page-up'];
  if (key.pageDown) return ['page-down'];
  if (key.home) return ['home'];
  if (key.end) return ['end'];
  if (key.return) return ['enter'];
  if (key.tab) return [key.shift ? 'shift+tab' : 'tab'];
  if (key.backspace || key.delete) return ['backspace'];
  if (key.escape) return ['esc'];
  if (key.ctrl) return [`ctrl+${input}`];
  const names = [...input].flatMap((character) => {
    const named = controls[character];
    if (named) return [named];
    return /\p{Cc}/u.test(character) ? [] : [character];
  });
  return key.meta && names.length === 1 ? ['esc', ...names] : names;
}
