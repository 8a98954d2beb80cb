import type { Problem } from '../store/state.ts';
import { wrap } from './fit.ts';
import { Lines } from './Lines.tsx';
import type { PaneProps } from './panes/pane.ts';
import { blank, type Line, span } from './theme.ts';

/** What failed, in red, and the next step below it. */
export function problemLines(problem: Problem, width: number): Line[] {
  return [
    [span('✖ ', 'bad', true), span(wrap(problem.message, width - 2)[0] ?? '', 'bad')],
    ...wrap(problem.message, width - 2)
      .slice(1)
      .map((text) => [span(`  ${text}`, 'bad')]),
    blank,
    ...wrap(problem.hint, width - 4).map((text, i) => [
      span(i === 0 ? '→ ' : '  ', 'accent', true),
      span(text),
    ]),
  ];
}

/** A failure in place of what could not be shown, and the key that tries again. */
export function ErrorCard({ problem, width, height }: PaneProps & { problem: Problem }) {
  const again: Line = [span('  u', 'accent', true), span(' looks again', 'quiet')];
  return <Lines lines={[...problemLines(problem, width), again]} width={width} height={height} />;
}
