import { describe, expect, it } from 'vitest';
import { widthOf } from '../../components/fit.ts';
import { helpLines } from '../../components/Help.tsx';
import { commands } from '../../store/commands/registry.ts';
import { initialState } from '../../store/state.ts';

const drawn = (width: number) =>
  helpLines(initialState({ columns: 80, rows: 24 }, 0), width).map((line) =>
    line.map(({ text }) => text).join(''),
  );

describe('the list of keys', () => {
  it('reads out why a key does nothing now, however narrow it is', () => {
    const state = initialState({ columns: 80, rows: 24 }, 0);
    const reasons = commands.flatMap((c) => c.whyNot?.(state) ?? []);
    expect(reasons.length).toBeGreaterThan(3);
    for (const width of [58, 120]) {
      const lines = drawn(width);
      const all = lines.join(' ').replace(/\s+/g, ' ');
      for (const reason of reasons) expect(all).toContain(`(not now: ${reason})`);
      for (const line of lines.slice(0, 1 + commands.length))
        expect(widthOf(line)).toBeLessThanOrEqual(width);
    }
  });

  it('says it on the key’s own line where there is room', () => {
    expect(drawn(120)).toContainEqual(
      expect.stringMatching(/^p .*pause.*\(not now: no deployment is under way\)$/),
    );
  });
});
