import { heading } from '../panes/pane.ts';
import { type Line, type Span, span } from '../theme.ts';

/** How a heading tells whether the keys go into what it heads, and how to get out or in. */
const places = {
  over: { mark: '', way: 'esc closes' },
  entered: { mark: '▶ ', way: 'tab leaves · esc closes' },
  beside: { mark: '', way: 'tab enters · esc closes' },
} as const;

/** A detail covers the list, or stands beside it and has the keys, or stands beside it. */
export type DetailPlace = keyof typeof places;

/** The first line of a detail: what it is, `at` (how far it is scrolled, or nothing), and the way out, `lead` before them. */
export function detailHeading(
  title: string,
  at: string,
  place: DetailPlace,
  width: number,
  lead: readonly Span[] = [],
): Line {
  const { mark, way } = places[place];
  return heading(`${mark}${title}`, [...lead, span(`${at}${way}`, 'quiet')], width);
}
