import { describe, expect, it } from 'vitest';
import { calibrationPlot } from '../../src/domain/calibration-plot.ts';

describe('predictions against outcomes as a plot', () => {
  it('W3 puts each bin over what was predicted of it, with its interval, beside the line where right ones lie', () => {
    const plot = calibrationPlot(
      [
        { from: 0.5, to: 0.6, predicted: 0.5, count: 1, n: 2, interval: [0.2, 0.8] },
        { from: 0.9, to: 1, predicted: 0.9, count: 30, n: 50, interval: [0.5, 0.7] },
      ],
      41,
    );
    expect(plot).toEqual([
      '100 %                                       · ·',
      '                                        · ·',
      '                          │         · ·',
      '                          │     · ·       │',
      '                          │ · ·           ●',
      ' 50 %                   · ○               │',
      '                    · ·   │',
      '                · ·       │',
      '            · ·           │',
      '        · ·',
      '  0 % ·',
      `      ${'─'.repeat(41)}`,
      '      0 %            predicted            100 %',
    ]);
  });

  it('gives two bins next to each other a column each, and stays within its cells whatever they hold', () => {
    const bin = { from: 0, to: 0, count: 5, n: 5, interval: [0, 1] as [number, number] };
    const near = calibrationPlot(
      [
        { ...bin, predicted: 0.499 },
        { ...bin, predicted: 0.501 },
      ],
      31,
    );
    expect(near[0]?.match(/●●/)).not.toBeNull();
    for (const row of calibrationPlot([{ ...bin, predicted: 9, count: 1e308, interval: [-3, Infinity] }], 31))
      expect(row.length).toBeLessThanOrEqual(37);
  });
});
