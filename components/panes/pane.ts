import { fit, widthOf } from '../fit.ts';
import { type Line, type Span, span } from '../theme.ts';

/** The cells a pane may draw on. */
export interface PaneProps {
  width: number;
  height: number;
}

/** A pane's first line: what it is on the left, what it comes to on the right. */
export function heading(title: string, right: readonly Span[], width: number): Line {
  const taken = right.reduce((n, s) => n + widthOf(s.text), 0);
  return [span(fit(title, Math.max(widthOf(title) + 1, width - taken)), 'accent', true), ...right];
}

/** A label and its value, the labels of a block below each other in one column. */
export function field(label: string, value: readonly Span[] | string, column = 13): Line {
  return [span(fit(label, column), 'quiet'), ...(typeof value === 'string' ? [span(value)] : value)];
}

/** A heading inside a pane, with a rule up to its edge. */
export function section(title: string, width: number): Line {
  return [
    span(title, 'plain', true),
    span(` ${'─'.repeat(Math.max(0, width - widthOf(title) - 1))}`, 'quiet'),
  ];
}

/** `section` with something to know at its end, where there is room for both. */
export function sectionWith(title: string, note: string, width: number): Line {
  const rule = width - widthOf(title) - widthOf(note) - 2;
  if (rule < 4) return section(title, width);
  return [span(title, 'plain', true), span(` ${'─'.repeat(rule)} ${note}`, 'quiet')];
}

/** A horizontal gauge of `width` cells, `share` of it (0 … 1) filled, in eighths of a cell. */
export function gauge(share: number, width: number): string {
  const eighths = Math.round(Math.max(0, Math.min(1, share)) * width * 8);
  const full = Math.floor(eighths / 8);
  const part = eighths % 8 === 0 ? '' : ' ▏▎▍▌▋▊▉'.charAt(eighths % 8);
  return '█'.repeat(full) + part + '░'.repeat(Math.max(0, width - full - part.length));
}
