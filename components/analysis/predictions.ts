import { type Analysis, fewestForCalibration } from '../../src/domain/analysis.ts';
import { calibrationWords } from '../../src/domain/analysis-words.ts';
import { agreementLines } from '../../src/domain/choices-lines.ts';
import { wrap } from '../fit.ts';
import { section } from '../panes/pane.ts';
import { blank, type Line, span } from '../theme.ts';
import { barLine, groupBlock, scaleLine } from './comparisons.ts';

const percent = (share: number) => `${Math.round(share * 100)}`;

/** Predictions against outcomes: a line for each tenth of the scale that has any, what was predicted as a diamond. */
export function calibrationBlock({ calibration }: Analysis, width: number): Line[] {
  const said = calibrationWords(calibration).flatMap((text) =>
    wrap(text, width).map((line): Line => [span(line)]),
  );
  if (calibration.n < fewestForCalibration) return [section('predictions against outcomes', width), ...said];
  return [
    section('predictions against outcomes', width),
    ...said,
    blank,
    [
      span('◇', 'warn', true),
      span(' predicted  ', 'quiet'),
      span('●', 'accent', true),
      span(' succeeded, with its 90 % interval', 'quiet'),
    ],
    ...scaleLine(width),
    ...calibration.bins.map((bin) =>
      barLine(`${percent(bin.from)}–${percent(bin.to)} %`, bin, width, bin.predicted),
    ),
    ...wrap(
      'Where the diamond lies inside the line, the predictions there are as good as these numbers can tell.',
      width,
    ).map((text): Line => [span(text, 'quiet')]),
  ];
}

/** How often people took what was in each bucket. */
export function selectionBlock({ selection, agreement }: Analysis, width: number): Line[] {
  const agreed = agreementLines(agreement).flatMap((text) =>
    wrap(text, width).map((line): Line => [span(line)]),
  );
  if (selection.length === 0) return [section('choices against the advice', width), ...agreed];
  return [
    ...groupBlock('taken, of what was in each bucket', selection, width, (key) => key.replace('_', ' ')),
    blank,
    ...agreed,
  ];
}
