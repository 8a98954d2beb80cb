import { describe, expect, it } from 'vitest';
import { widthOf } from '../../components/fit.ts';
import { helpGroups, helpLines } from '../../components/Help.tsx';
import { commands } from '../../store/commands/registry.ts';
import { initialState, type UiState, type View, views } from '../../store/state.ts';

function stateIn(view: View): UiState {
  const state = initialState({ columns: 80, rows: 24 }, 0);
  return { ...state, session: { ...state.session, view } };
}

const textOf = (line: readonly { text: string }[]) => line.map(({ text }) => text).join('');

const drawn = (width: number, view: View = 'discovery') => helpLines(stateIn(view), width).map(textOf);

describe('the list of keys', () => {
  it('reads out why a key does nothing now, however narrow it is', () => {
    const state = stateIn('discovery');
    const reasons = commands.flatMap((c) => c.whyNot?.(state) ?? []);
    expect(reasons.length).toBeGreaterThan(3);
    for (const width of [30, 58, 100]) {
      const all = drawn(width).join(' ').replace(/\s+/g, ' ');
      for (const reason of reasons) expect(all).toContain(`(not now: ${reason})`);
      for (const line of drawn(width).slice(2)) expect(widthOf(line)).toBeLessThanOrEqual(width);
    }
  });

  it('says it on the key’s own line where there is room', () => {
    expect(drawn(100)).toContainEqual(
      expect.stringMatching(/^p .*pause.*\(not now: no deployment is under way\)$/),
    );
  });

  it.each(views)('has every key once, and those of the open view first: %s', (view) => {
    const groups = helpGroups(stateIn(view), 90).map((lines) => lines.map(textOf));
    const titles = groups.map(([title]) => title);
    const here = commands.filter((c) => c.keys.length > 0 && c.views?.includes(view));
    if (here.length > 0) expect(titles[0]).toContain(view.toUpperCase());
    for (const { shown } of here) expect(groups[0]?.some((line) => line.startsWith(shown))).toBe(true);
    const keys = groups
      .slice(0, -1)
      .flatMap((lines) => lines.slice(1).filter((line) => !line.startsWith(' ')));
    for (const command of commands.filter((c) => c.keys.length > 0))
      expect(keys.filter((line) => line.startsWith(command.shown.padEnd(13))).length, command.id).toBe(
        commands.filter((c) => c.keys.length > 0 && c.shown === command.shown).length,
      );
  });

  it('stands in two columns of the same keys where there is room', () => {
    const one = drawn(100, 'selection');
    const two = drawn(160, 'selection');
    expect(two.length).toBeLessThan(one.length * 0.7);
    for (const line of two) expect(widthOf(line)).toBeLessThanOrEqual(160);
    for (const { shown } of commands) expect(two.join('\n')).toContain(shown);
  });
});
