import { widthOf } from './fit.ts';
import { type Line, type Span, span } from './theme.ts';

/** Tabs in a line, the open one in brackets; where they do not all fit, only that, and which of them it is. */
export function tabLine<T extends string>(
  tabs: readonly T[],
  open: T,
  width: number,
  names: Partial<Record<T, string>> = {},
): Line {
  const nameOf = (tab: T) => names[tab] ?? tab;
  const spans = tabs.map((tab): Span =>
    tab === open ? span(`[${nameOf(tab)}]`, 'accent', true) : span(` ${nameOf(tab)} `, 'quiet'),
  );
  const taken = spans.reduce((n, { text }) => n + widthOf(text), 0);
  if (taken > width)
    return [
      span(`[${nameOf(open)}]`, 'accent', true),
      span(` ${tabs.indexOf(open) + 1} of ${tabs.length}: [ and ]`, 'quiet'),
    ];
  return width - taken >= spans.length ? spans.flatMap((one) => [one, span(' ')]) : spans;
}
