import { chanceText } from '../../src/domain/chance.ts';
import type { Feature } from '../../src/domain/feature.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { bar, flagLetters, handle, probabilityTone, sizeText } from '../feature-text.ts';
import { fit } from '../fit.ts';
import { type Line, span } from '../theme.ts';

/** Which columns there is room for; narrow screens keep the change, its handle, what it touches and its chance. */
const columnsFor = (width: number) => ({
  type: width >= 76 ? 9 : 0,
  author: width >= 150 ? 18 : 0,
  lines: width >= 76 ? 12 : 0,
  more: width >= 96 ? 12 : 0,
});

const titleWidth = (width: number) => {
  const { type, author, lines, more } = columnsFor(width);
  return Math.max(8, width - 2 - type - author - 7 - 7 - lines - more - 4);
};

/** One waiting feature. */
export function discoveryRow(feature: Feature, width: number, current: boolean, fresh: boolean): Line {
  const { type, author, lines, more } = columnsFor(width);
  const needs = feature.dependsOn.length;
  return [
    span(current ? '▸ ' : '  ', 'accent', true),
    span(fit(feature.type, type), 'quiet'),
    span(fresh ? 'new ' : '', 'accent', true),
    span(`${fit(safeText(feature.title), titleWidth(width) - (fresh ? 5 : 1))} `),
    ...(author > 0 ? [span(`${fit(authorsText(feature), author - 1)} `, 'quiet')] : []),
    span(`${handle(feature, 6)} `, 'accent'),
    flagLetters(feature),
    span(' '),
    span(lines > 0 ? `${sizeText(feature, lines - 1)} ` : ''),
    span(chanceText(feature.risk.probability), probabilityTone(feature)),
    ...(more > 0
      ? [span(` ${bar(feature.risk.probability)}`, 'quiet'), span(needs > 0 ? ` →${needs}` : '', 'quiet')]
      : []),
  ];
}

function authorsText({ authors: [first = '', ...others] }: Feature): string {
  return safeText(first, 60) + (others.length > 0 ? ` +${others.length}` : '');
}

/** What stands over the columns. */
export function columnHeads(width: number): Line {
  const { type, author, lines, more } = columnsFor(width);
  const heads = [
    '  ',
    fit(type > 0 ? 'type' : '', type),
    fit('change', titleWidth(width)),
    fit(author > 0 ? 'author' : '', author),
    fit('', 7),
    fit('flags', 7),
    lines > 0 ? `${fit('lines', lines - 1, 'right')} ` : '',
    'succ',
    more > 0 ? '       needs' : '',
  ];
  return [span(heads.join(''), 'quiet')];
}
