import { fewestForRate, type CalibrationBin } from './analysis.ts';

/** Rows of the plot, a tenth of the scale each, both ends among them. */
const rows = 11;

/**
 * Predictions against outcomes as text: predicted from left to right in `width` cells, what succeeded upwards; `●` a bin (`○` one with
 * too few for a rate), `│` its 90 % interval, `·` where predictions that are right lie. An axis of six cells stands on the left.
 */
export function calibrationPlot(bins: readonly CalibrationBin[], width: number): string[] {
  const cells = Array.from({ length: rows }, () => Array.from({ length: width }, () => ' '));
  const put = (x: number, y: number, mark: string) => {
    const row = cells[rows - 1 - y];
    if (row && x >= 0 && x < width) row[x] = mark;
  };
  const up = (share: number) => Math.round(Math.max(0, Math.min(1, share)) * (rows - 1));
  for (let x = 0; x < width; x += 2) put(x, up(x / (width - 1)), '·');
  let last = -1;
  for (const { predicted, count, n, interval } of bins) {
    // Two bins whose means are next to each other still have a column each.
    const x = Math.min(width - 1, Math.max(last + 1, Math.round(predicted * (width - 1))));
    last = x;
    for (let y = up(interval[0]); y <= up(interval[1]); y += 1) put(x, y, '│');
    put(x, up(n === 0 ? 0 : count / n), n < fewestForRate ? '○' : '●');
  }
  const axis = (row: number) => (row % 5 === 0 ? `${100 - row * 10} %`.padStart(5) : '     ');
  const middle = 'predicted';
  const gap = Math.max(1, width - 3 - 5 - middle.length);
  const left = Math.floor(gap / 2);
  return [
    ...cells.map((row, i) => `${axis(i)} ${row.join('')}`.trimEnd()),
    `      ${'─'.repeat(width)}`,
    `      0 %${' '.repeat(left)}${middle}${' '.repeat(gap - left)}100 %`,
  ];
}
