/** What a mark on the screen says, in words. A mark that only points, or draws, says nothing. */
const words: readonly (readonly [RegExp, string])[] = [
  [/\[x\]/g, 'chosen:'],
  [/\[\+\]/g, 'comes along:'],
  [/\[ \]/g, 'left out:'],
  [/\[ ([^\]]+) \]/g, '$1'],
  [/[✔✓]/g, 'passed '],
  [/[✖✗]/g, 'failed '],
  [/●/g, 'under way '],
  [/○/g, 'empty '],
  [/↩/g, 'back '],
  [/‖/g, 'paused '],
  [/→/g, ' to '],
  [/←/g, ' from '],
  [/−(?=\d)/g, 'minus '],
  [/\+(?=\d)/g, 'plus '],
  [/≤/g, ' at most '],
  [/≥/g, ' at least '],
  [/·/g, ','],
  // Frames, rules, bars, plots and the spinner.
  [/[\u2500-\u257f\u2580-\u259f\u2800-\u28ff▸▶◂◀▏›■]+/g, '  '],
];

/** A drawn row as it is said: marks in words, columns parted by commas; empty where it only draws. */
export function saidRow(row: string): string {
  let said = row;
  for (const [mark, word] of words) said = said.replaceAll(mark, word);
  return said
    .trim()
    .replaceAll(/\s{2,}/g, ', ')
    .replaceAll(/(?:\s*,)+\s*/g, ', ')
    .replaceAll(/([:.!?]),/g, '$1')
    .replaceAll(/^[,\s]+|[,\s]+$/g, '');
}

/** Whether the row stands under the cursor. */
export function isPointedAt(row: string): boolean {
  return /^\s*[▸▶]/u.test(row);
}

/** A row without its numbers, to tell whether it says something new or only counts on. */
export function shapeOf(row: string): string {
  return row.replaceAll(/\d+(?:[.:]\d+)*/g, '0');
}
