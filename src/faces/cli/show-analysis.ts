import type { Analysis, Group } from '../../domain/analysis.ts';
import {
  calibrationWords,
  changeWords,
  doraWords,
  medianWords,
  shareWords,
  tooFew,
} from '../../domain/analysis-words.ts';
import { agreementLines } from '../../domain/choices-lines.ts';
import { counted } from '../../domain/counted.ts';
import { safeText } from '../../domain/safe-text.ts';

/** What past deployments say, for a reader of plain lines: every rate with its interval and n. */
export function showAnalysis(analysis: Analysis): string[] {
  const { trends, looked, dora } = analysis;
  const { success, rollback, duration } = trends;
  const where = analysis.environment === null ? 'all environments' : analysis.environment;
  if (looked.deployments === 0)
    return [`${where}: no deployment has ended yet; \`orchestrate deploy\` makes the first`];
  const share = { of: shareWords };
  return [
    `${where}: ${counted(looked.deployments, 'deployment')}, of which ${looked.counted} say how changes fare (docs/analysis.md)`,
    ...(looked.unread > 0 ? [`! the records of ${looked.unread} cannot be read; they are left out`] : []),
    '',
    `success    ${shareWords(success.all)}`,
    `           ${changeWords(success.change, { up: 'it rises', down: 'it falls', ...share })}`,
    `taken back ${shareWords(rollback.all)}`,
    `           ${changeWords(rollback.change, { up: 'more are taken back', down: 'fewer are taken back', ...share })}`,
    `duration   ${medianWords(duration.all)}`,
    `           ${changeWords(duration.change, { up: 'it gets longer', down: 'it gets shorter', of: medianWords })}`,
    ...groupLines('by type', trends.byType),
    ...groupLines('by size in lines', trends.bySize),
    ...groupLines('by number of features', trends.byBatch),
    ...groupLines('by risk factor', trends.byRiskFactor),
    ...groupLines('by strategy', trends.byStrategy),
    ...groupLines('by environment', trends.byEnvironment),
    '',
    'calibration',
    ...calibrationWords(analysis.calibration).map((line) => `  ${line}`),
    '',
    'choices',
    ...agreementLines(analysis.agreement).map((line) => `  ${line}`),
    '',
    `DORA, ${dora.environment ?? 'no environment'}, ${dora.window.from.slice(0, 10)} to ${dora.window.to.slice(0, 10)}`,
    ...doraWords(dora).map(({ name, value }) => `  ${name.padEnd(22)} ${value}`),
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
      ? analysis.recommendations.map(({ text }) => `  • ${text}`)
      : ['  none: no kind of deployment differs from the others beyond chance']),
  ].map((line) => safeText(line, 500));
}

function groupLines(title: string, groups: readonly Group[]): string[] {
  if (groups.length === 0) return [];
  return [
    '',
    title,
    ...groups.map(
      (one) => `  ${one.key.padEnd(20)} ${tooFew(one) ? `n=${one.n}: too few` : shareWords(one)}`,
    ),
  ];
}
