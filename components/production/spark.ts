const heights = '▁▂▃▄▅▆▇█';

/**
 * Values from old to new as a row of bars, `most` being the highest; a dot where there was nothing to measure. A zero is
 * the lowest bar, and so is everything where `most` is 0.
 */
export function spark(values: readonly (number | undefined)[], most: number): string {
  return values
    .map((value) => {
      if (value === undefined) return '·';
      const share = most > 0 ? Math.max(0, Math.min(1, value / most)) : 0;
      return heights.charAt(Math.round(share * (heights.length - 1)));
    })
    .join('');
}
