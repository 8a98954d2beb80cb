import { fewestForCalibration, type Analysis, type Group } from '../../domain/analysis.ts';
import {
  calibrationWords,
  changeWords,
  doraWords,
  medianWords,
  shareWords,
  tooFew,
} from '../../domain/analysis-words.ts';
import { calibrationPlot } from '../../domain/calibration-plot.ts';
import { changeScoreWords, claimsWords, marks, noAdviceWords } from '../../domain/comparison-words.ts';
import { agreementLines } from '../../domain/choices-lines.ts';
import { counted } from '../../domain/counted.ts';
import { safeText } from '../../domain/safe-text.ts';
import { kindName } from '../../domain/kind-words.ts';

/** What past deployments say, for a reader of plain lines: every rate with its interval and n. */
export function showAnalysis(analysis: Analysis): string[] {
  const { trends, looked, dora } = analysis;
  const { success, rollback, duration } = trends;
  const groups = groupLinesOf(analysis);
  const where = analysis.environment === null ? 'all environments' : analysis.environment;
  if (looked.deployments === 0)
    return [`${where}: no deployment has ended yet; \`orchestrate deploy\` makes the first`];
  const share = { of: shareWords };
  return [
    `${where}: ${counted(looked.deployments, 'deployment')}, of which ${looked.counted === 1 ? '1 says' : `${looked.counted} say`} how changes fare (docs/analysis.md)`,
    ...(looked.unread > 0 ? [`! the records of ${looked.unread} cannot be read; they are left out`] : []),
    '',
    `success    ${shareWords(success.all)}`,
    `           ${changeWords(success.change, { up: 'it rises', down: 'it falls', ...share })}`,
    `taken back ${shareWords(rollback.all)}`,
    `           ${changeWords(rollback.change, { up: 'more are taken back', down: 'fewer are taken back', ...share })}`,
    `duration   ${medianWords(duration.all)}`,
    `           ${changeWords(duration.change, { up: 'it gets longer', down: 'it gets shorter', of: medianWords })}`,
    ...groups('by type', 'type', trends.byType),
    ...groups('by size in lines', 'size', trends.bySize),
    ...groups('by number of features', 'batch', trends.byBatch),
    ...groups('by risk factor', 'flag', trends.byRiskFactor),
    ...groups('by folder', 'area', trends.byArea),
    ...groups("by author's commits here", 'experience', trends.byExperience),
    ...groups('by strategy', 'strategy', trends.byStrategy),
    ...groups('by environment', 'environment', trends.byEnvironment),
    ...groups('by weekday, UTC', 'weekday', trends.byWeekday),
    ...groups('by hours, UTC', 'hours', trends.byHours),
    '',
    claimsWords(analysis.claims),
    '',
    'what fares best',
    ...analysis.best.map(({ text }) => `  ${text}`),
    '',
    'calibration',
    ...calibrationWords(analysis.calibration).map((line) => `  ${line}`),
    ...(analysis.calibration.n < fewestForCalibration
      ? []
      : calibrationPlot(analysis.calibration.bins, 51).map((line) => `  ${line}`)),
    ...(analysis.changeModel
      ? [
          '',
          'changes of the past, as they were judged',
          ...changeScoreWords(analysis.changeModel).map((line) => `  ${line}`),
        ]
      : []),
    '',
    'choices',
    ...agreementLines(analysis.agreement).map((line) => `  ${line}`),
    '',
    `DORA, ${dora.environment ?? 'no environment'}, ${dora.window.from.slice(0, 10)} to ${dora.window.to.slice(0, 10)}`,
    ...doraWords(dora).flatMap(({ name, value, formula }) => [
      `  ${name.padEnd(22)} ${value}`,
      `  ${''.padEnd(22)} ${formula}`,
    ]),
    '',
    ...(analysis.testRequirement
      ? [
          'asked of tests, since deployments failed for lack of them',
          ...analysis.testRequirement.map(
            ({ environment, what, evidence, met, needed }) =>
              `  • ${environment}: ${what} (${met} of ${needed} in a row went well with it). ${evidence}.`,
          ),
          '',
        ]
      : []),
    'recommendations',
    ...(analysis.recommendations.length > 0
      ? analysis.recommendations.map(({ text }, i) => `  ${i + 1}. ${text}`)
      : [`  none: ${noAdviceWords(analysis.claims)}`]),
  ].map((line) => safeText(line, 500));
}

/** Kinds of deployments as lines, marked where they differ from the others beyond chance. */
function groupLinesOf({ comparisons }: Analysis) {
  const verdicts = new Map(comparisons.map(({ group, key, verdict }) => [`${group}\0${key}`, verdict]));
  return (title: string, group: string, groups: readonly Group[]): string[] => {
    if (groups.length === 0) return [];
    return [
      '',
      title,
      ...groups.map((one) => {
        const verdict = verdicts.get(`${group}\0${one.key}`);
        const mark = verdict === 'worse' || verdict === 'better' ? marks[verdict] : ' ';
        const told = verdict === 'worse' || verdict === 'better' ? `  ${verdict} than the others` : '';
        const name = group === 'weekday' ? kindName({ group, key: one.key }) : one.key;
        return `${mark} ${name.padEnd(20)} ${tooFew(one) ? `n=${one.n}: too few` : shareWords(one)}${told}`;
      }),
    ];
  };
}
