import { type Analysis, fewestForCalibration } from '../../src/domain/analysis.ts';
import { calibrationWords } from '../../src/domain/analysis-words.ts';
import { calibrationPlot } from '../../src/domain/calibration-plot.ts';
import { changeScoreWords } from '../../src/domain/comparison-words.ts';
import { agreementLines } from '../../src/domain/choices-lines.ts';
import { wrap } from '../fit.ts';
import { section } from '../panes/pane.ts';
import { blank, type Line, span, type Tone } from '../theme.ts';
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
      barLine(`${percent(bin.from)}–${percent(bin.to)} %`, bin, width, { expected: bin.predicted }),
    ),
    ...wrap(
      'Where the diamond lies inside the line, the predictions there are as good as these numbers can tell.',
      width,
    ).map((text): Line => [span(text, 'quiet')]),
  ];
}

const plotTones: Readonly<Record<string, Tone>> = { '●': 'accent', '○': 'warn', '·': 'quiet', '│': 'plain' };

/** The same as a plot, where it has room: what is predicted to the right, what succeeded upwards. */
export function plotBlock({ calibration: { n, bins } }: Analysis, width: number): Line[] {
  const cells = Math.min(61, width - 8);
  if (n < fewestForCalibration || cells < 25) return [];
  return [
    section('the same as a plot', width),
    [
      span('●', 'accent', true),
      span(' succeeded  │ 90 % interval  ', 'quiet'),
      span('·', 'quiet'),
      span(' where right ones lie', 'quiet'),
    ],
    ...calibrationPlot(bins, cells).map((row): Line =>
      [...row].map((mark, i) =>
        i < 6 ? span(mark, 'quiet') : span(mark, plotTones[mark] ?? 'quiet', mark === '●' || mark === '○'),
      ),
    ),
  ];
}

/** How well single changes are judged, where something was learned from the past of the code. */
export function changeScoreBlock({ changeModel }: Analysis, width: number): Line[] {
  if (changeModel === undefined) return [];
  return [
    section('changes of the past, as they were judged', width),
    ...changeScoreWords(changeModel).flatMap((text) => wrap(text, width).map((line): Line => [span(line)])),
  ];
}

/** How often people took what was in each bucket. */
export function selectionBlock({ selection, agreement }: Analysis, width: number): Line[] {
  const agreed = agreementLines(agreement).flatMap((text) =>
    wrap(text, width).map((line): Line => [span(line)]),
  );
  if (selection.length === 0) return [section('choices against the advice', width), ...agreed];
  return [
    ...groupBlock('taken, of what was in each bucket', selection, width, {
      nameOf: (key) => key.replace('_', ' '),
    }),
    blank,
    ...agreed,
  ];
}
