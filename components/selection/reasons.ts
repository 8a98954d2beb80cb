import type { Discovery, Feature } from '../../src/domain/feature.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { whyAlong } from '../../store/selection/along.ts';
import type { SelectionState } from '../../store/state.ts';
import { featureSummary } from '../feature-text.ts';
import { wrap } from '../fit.ts';
import { type Line, span } from '../theme.ts';

/** Sentences about the last toggle that are shown; the rest is counted. */
const mostTold = 4;

/** What the last toggle brought along or dropped, else why the feature comes along. */
export function toldLines(
  feature: Feature,
  discovery: Discovery,
  { told, untold, wanted, closed }: SelectionState,
  width: number,
): Line[] {
  const along = wanted.includes(feature.id) ? undefined : whyAlong(discovery, closed, feature.id);
  const said = told.length > 0 ? told : along ? [`Comes along: ${along}`] : [];
  const more = said.length - mostTold + untold;
  const sentences = [...said.slice(0, mostTold), ...(more > 0 ? [`… and ${more} more`] : [])];
  return sentences.flatMap((text) =>
    wrap(safeText(text), width - 2).map((line, i): Line => [
      span(i === 0 ? '› ' : '  ', 'accent'),
      span(line, 'accent'),
    ]),
  );
}

/** What was told last of the choice, before what is known of the feature. */
export function reasonLines(
  feature: Feature,
  discovery: Discovery,
  selection: SelectionState,
  width: number,
): Line[] {
  return [...toldLines(feature, discovery, selection, width), ...featureSummary(feature, width)];
}
