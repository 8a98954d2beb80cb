import type { UiCommand } from '../store/commands/command.ts';
import { commands, labelOf } from '../store/commands/registry.ts';
import { useUi } from '../store/hooks.ts';
import type { UiState } from '../store/state.ts';
import { cut, fit, widthOf, wrap } from './fit.ts';
import { heading, type PaneProps } from './panes/pane.ts';
import { ScrollLines } from './ScrollLines.tsx';
import { blank, type Line, span } from './theme.ts';

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Where a key works, when it does not everywhere. */
function whereOf({ views, details }: UiCommand): string {
  if (details) return ` in an open ${details.join(', ')}`;
  return views ? ` in ${views.map(capital).join(', ')}` : '';
}

/** Cells of the column of keys. */
const keysWidth = 13;

/** Every key with what it does now, or why it does nothing: below it, in as many lines as that takes, where it does not fit beside it. */
export function helpLines(state: UiState, width: number): Line[] {
  return [
    heading('Keys', [span('esc closes', 'quiet')], width),
    blank,
    ...commands
      .filter((c) => c.keys.length > 0)
      .flatMap((binding): Line[] => {
        const why = binding.whyNot?.(state);
        const where = whereOf(binding);
        const label = labelOf(binding, state);
        const head: Line = [
          span(fit(binding.shown, keysWidth), why ? 'quiet' : 'accent', !why),
          span(label, why ? 'quiet' : 'plain'),
          span(cut(where, Math.max(0, width - keysWidth - widthOf(label))), 'quiet'),
        ];
        if (!why) return [head];
        const beside = `  (not now: ${why})`;
        const used = keysWidth + widthOf(label) + widthOf(where);
        if (used + widthOf(beside) <= width) return [[...head, span(beside, 'warn')]];
        const below = wrap(beside.trimStart(), width - keysWidth - 2);
        return [head, ...below.map((text) => [span(' '.repeat(keysWidth + 2)), span(text, 'warn')])];
      }),
    blank,
    [span('MARKS', 'plain', true)],
    [span('✔ passed  ✖ failed  ● under way  – skipped  [x] chosen  [+] comes along  [ ] left out', 'quiet')],
    [span('S schema  A api  D dependencies  C configuration  I infrastructure  T tests  ! breaks', 'quiet')],
  ];
}

/** The list of keys, drawn from the commands. */
export function Help({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  return (
    <ScrollLines lines={helpLines(state, width)} width={width} height={height} from={state.session.scroll} />
  );
}
