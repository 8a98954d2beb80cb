import { disabledReason } from '../store/reasons.ts';
import { useUi } from '../store/hooks.ts';
import type { UiState } from '../store/state.ts';
import { cut, fit } from './fit.ts';
import { keymap, labelOf } from './keymap.ts';
import { heading, type PaneProps } from './panes/pane.ts';
import { ScrollLines } from './ScrollLines.tsx';
import { blank, type Line, span } from './theme.ts';

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Every key with what it does now, or why it does nothing. */
export function helpLines(state: UiState, width: number): Line[] {
  return [
    heading('Keys', [span('esc closes', 'quiet')], width),
    blank,
    ...keymap.map((binding): Line => {
      const why = disabledReason(binding.action, state);
      const where = binding.views ? ` in ${binding.views.map(capital).join(', ')}` : '';
      const label = labelOf(binding, state);
      return [
        span(fit(binding.shown, 13), why ? 'quiet' : 'accent', !why),
        span(label, why ? 'quiet' : 'plain'),
        span(cut(where, Math.max(0, width - 13 - label.length)), 'quiet'),
        ...(why ? [span(`  (not now: ${why})`, 'warn')] : []),
      ];
    }),
    blank,
    [span('MARKS', 'plain', true)],
    [span('✔ passed  ✖ failed  ● under way  – skipped  [x] chosen  [+] comes along  [ ] left out', 'quiet')],
    [span('S schema  A api  D dependencies  C configuration  I infrastructure  T tests  ! breaks', 'quiet')],
  ];
}

/** The list of keys, drawn from the keymap. */
export function Help({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  return (
    <ScrollLines lines={helpLines(state, width)} width={width} height={height} from={state.session.scroll} />
  );
}
