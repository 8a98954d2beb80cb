import { counted } from '../../src/domain/counted.ts';
import type { ChangedFile, Feature } from '../../src/domain/feature.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { fit, widthOf, windowOf } from '../fit.ts';
import { graphemes } from '../graphemes.ts';
import { blank, type Line, type Span, span, type Tone } from '../theme.ts';

const statusTones = {
  added: 'ok',
  modified: 'warn',
  deleted: 'bad',
  renamed: 'accent',
} as const satisfies Record<ChangedFile['status'], Tone>;

/** Cells of the bar of a file's changes. */
const barWidth = 8;

/** `text` cut at its beginning to `width` cells: of a path the end says most. */
export function cutStart(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const { segment } of [...graphemes.segment(text)].toReversed()) {
    used += widthOf(segment);
    if (used > width) break;
    kept = segment + kept;
  }
  return width > 0 ? `…${kept}` : '';
}

/** What a file gains and loses against the file that changes most: `+++−`, at least one cell of what there is. */
export function changeBar({ additions, deletions }: ChangedFile, widest: number): Span[] {
  const cells = (n: number) => (n === 0 ? 0 : Math.max(1, Math.round((n / Math.max(1, widest)) * barWidth)));
  const plus = Math.min(cells(additions), barWidth - (deletions > 0 ? 1 : 0));
  const minus = Math.min(cells(deletions), barWidth - plus);
  return [
    span('+'.repeat(plus), 'ok'),
    span('−'.repeat(minus), 'bad'),
    span(' '.repeat(Math.max(0, barWidth - plus - minus))),
  ];
}

/** What else is known of a file, in a word. */
function sort({ generated, vendored, submodule }: ChangedFile): string {
  return submodule ? ' submodule' : generated ? ' generated' : vendored ? ' vendored' : '';
}

function fileLine(file: ChangedFile, widest: number, width: number, current: boolean): Line {
  const wide = width >= 60;
  const status = wide ? fit(file.status, 9) : `${file.status.charAt(0).toUpperCase()} `;
  const word = sort(file);
  const numbers = width >= 50 ? 16 : 0;
  const room = width - 2 - status.length - numbers - barWidth - 1 - word.length;
  return [
    span(current ? '▸ ' : '  ', 'accent', true),
    span(status, statusTones[file.status]),
    ...(numbers > 0
      ? [span(fit(`+${file.additions}`, 7, 'right'), 'ok'), span(` ${fit(`−${file.deletions}`, 7)} `, 'bad')]
      : []),
    ...changeBar(file, widest),
    span(` ${cutStart(safeText(file.path), Math.max(4, room))}`),
    span(word, 'quiet'),
  ];
}

/** The most lines any of the feature's files changes; made once, for lists of thousands at every key. */
const widests = new WeakMap<Feature, number>();

function widestOf(feature: Feature): number {
  const known = widests.get(feature);
  if (known !== undefined) return known;
  const widest = feature.files.reduce((most, f) => Math.max(most, f.additions, f.deletions), 0);
  widests.set(feature, widest);
  return widest;
}

/** A feature's files around the one under the cursor. */
export function filesLines(
  feature: Feature,
  cursor: number,
  { width, height }: { width: number; height: number },
): { lines: Line[]; selected: number } {
  const { files } = feature;
  if (files.length === 0)
    return {
      lines: [[span('It changes no file, or this clone does not know which.', 'quiet')]],
      selected: -1,
    };
  const widest = widestOf(feature);
  const at = Math.max(0, Math.min(cursor, files.length - 1));
  const { from, to } = windowOf(files.length, at, height - 2);
  const head: Line = [
    span(`${counted(files.length, 'file')}  `, 'plain', true),
    span(`+${feature.additions} `, 'ok'),
    span(`−${feature.deletions}`, 'bad'),
    span(`   ${at + 1} of ${files.length}`, 'quiet'),
  ];
  return {
    lines: [
      head,
      blank,
      ...files.slice(from, to).map((file, i) => fileLine(file, widest, width, from + i === at)),
    ],
    selected: 2 + at - from,
  };
}
