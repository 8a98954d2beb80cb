import { describe, expect, it } from 'vitest';
import { steadyTimes } from '../../../src/planning/past/steady-times.ts';

describe('when changes landed', () => {
  it('N2 a clock set to 1970 or 2099 for one commit moves no other', () => {
    expect(steadyTimes([100, 200, 0, 300, 4_000_000_000, 400, 500])).toEqual([
      100, 200, 200, 300, 300, 400, 500,
    ]);
  });

  it('a first commit from the future does not hold up those after it', () => {
    expect(steadyTimes([4_000_000_000, 100, 200])).toEqual([100, 100, 200]);
  });

  it('times never fall, whatever the clocks say', () => {
    const readings = Array.from({ length: 500 }, (_, i) => ((i * 7919) % 1000) + i);
    const times = steadyTimes(readings);
    expect(times.every((time, i) => time >= (times[i - 1] ?? time))).toBe(true);
    expect(times).toHaveLength(500);
  });

  it('nothing gives nothing', () => {
    expect(steadyTimes([])).toEqual([]);
  });
});
