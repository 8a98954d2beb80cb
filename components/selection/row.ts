import { chanceText } from '../../src/domain/chance.ts';
import type { Discovery, Feature } from '../../src/domain/feature.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { type Along, placeAlong } from '../../store/selection/along.ts';
import type { SelectionState } from '../../store/state.ts';
import { bar, flagLetters, handle, probabilityTone, sizeText } from '../feature-text.ts';
import { cut, fit, widthOf } from '../fit.ts';
import { type Line, type Span, span } from '../theme.ts';

/** What is chosen and shipped, looked up at once for every row in sight. */
export interface Shipping {
  wanted: ReadonlySet<string>;
  selected: ReadonlySet<string>;
}

/** `[x]` chosen, `[+]` comes along, `[ ]` left out, ` – ` on the base already. */
function mark(feature: Feature, { wanted, selected }: Shipping): Span {
  if (feature.onBase === true) return span(' –  ', 'quiet');
  if (wanted.has(feature.id)) return span('[x] ', 'ok', true);
  return selected.has(feature.id) ? span('[+] ', 'ok') : span('[ ] ', 'quiet');
}

/** `← pr-801 cart.ts:88`: who brings it along and where that shows; of a long path its end. */
function alongText({ who, place }: Along, width: number): string {
  const from = `← ${cut(shortId(who), Math.max(8, Math.floor(width / 2) - 2))}`;
  const room = width - widthOf(from) - 1;
  const shown = safeText(place);
  if (place === '' || room < 6) return from;
  return `${from} ${widthOf(shown) <= room ? shown : `…${[...shown].slice(-(room - 1)).join('')}`}`;
}

/** A pull request as people call it, else the id. */
function shortId(id: string): string {
  const number = /^pr-(\d+)$/.exec(id)?.[1];
  return number === undefined ? id : `#${number}`;
}

/** `needs #799 +2`: the first feature it cannot ship without, as people call it, and how many more. */
function needsText(feature: Feature): string {
  const [first, ...more] = feature.dependsOn;
  if (!first) return '';
  return ` needs ${shortId(first.id)}${more.length > 0 ? ` +${more.length}` : ''}`;
}

/** Widths from which a row has its size and flags, and from which what it needs. */
export const roomForSize = 76;
const roomForNeeds = 96;

/** One feature of the list: whether it ships, what it is, how likely it goes well, and why it comes along where it does. */
export function featureRow(
  feature: Feature,
  shipping: Shipping,
  { discovery, selection, width }: { discovery: Discovery; selection: SelectionState; width: number },
  current: boolean,
): Line {
  const { closed, fresh } = selection;
  const ships = shipping.selected.has(feature.id);
  const wide = width >= roomForSize;
  const needs = width >= roomForNeeds ? 14 : 0;
  const room = Math.max(8, width - 2 - 4 - 7 - 5 - 6 - (wide ? 19 : 0) - needs);
  const mine = fresh.has(feature.id) ? span('new ', 'accent', true) : span('');
  const along = ships && !shipping.wanted.has(feature.id);
  const why = along ? placeAlong(discovery, closed, feature.id) : undefined;
  // Where there is room the reason stands in the columns of the bar and the size, else beside the title.
  const reason = why && !wide ? ` ${alongText(why, Math.floor(room * 0.55))}` : '';
  // A number leaves a cell free before it, the name of a commit does not.
  const name = handle(feature, 6);
  const gap = name.startsWith(' ') ? '' : ' ';
  const title = fit(safeText(feature.title), room - widthOf(mine.text) - widthOf(reason) - widthOf(gap));
  const numbers = `${bar(feature.risk.probability)} ${wide ? `${sizeText(feature, 12)} ` : ''}`;
  return [
    span(current ? '▸ ' : '  ', 'accent', true),
    mark(feature, shipping),
    mine,
    span(title, ships ? 'plain' : 'quiet'),
    span(reason, 'accent'),
    span(`${gap}${name} `, ships ? 'accent' : 'quiet'),
    span(`${chanceText(feature.risk.probability)} `, probabilityTone(feature)),
    why && wide ? span(fit(alongText(why, 18), 19), 'accent') : span(numbers, 'quiet'),
    ...(wide ? [flagLetters(feature)] : []),
    ...(needs > 0 ? [span(fit(needsText(feature), needs), 'quiet')] : []),
  ];
}
